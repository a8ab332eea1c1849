"""Standard code lists, as codes only (the web layer has their labels), and how languages are recognised by name.

Sources: ISO 3166-1 alpha-2; ISO 639-1 with those of ISO 639-2/3 that diaspora surveys meet; the five-year age groups of
UN DESA by their SDMX codes (`0-4` would turn into a date in a spreadsheet); the objectives of the Global Compact for
Safe, Orderly and Regular Migration (A/RES/73/195).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final, NamedTuple


class AgeGroup(NamedTuple):
    """An age group: its code, the youngest and the oldest age in it (None: no upper bound), in completed years."""

    code: str
    youngest: int
    oldest: int | None


AGE_GROUPS: Final = (
    *(AgeGroup(f"Y{age}T{age + 4}", age, age + 4) for age in range(0, 100, 5)),
    AgeGroup("Y_GE100", 100, None),
)

GLOBAL_COMPACT_OBJECTIVES: Final = tuple(str(number) for number in range(1, 24))

COUNTRIES: Final = tuple(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
    CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA
    GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW
    TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905  # a list of 249 literals would fill a page
)

# Language codes with the names by which authors of forms call them, folded as `_fold` does: in English, in the language
# itself, the most frequent ones also in Arabic, French, German, Portuguese, Russian and Spanish, and common spellings.
_NAMES: Final = """
    aa=afar,qafar; ab=abkhazian,аԥсшәа; ae=avestan; af=afrikaans; ak=akan;
    am=amharic,አማርኛ,amharique,amarico,amharisch,амхарский,الأمهرية,amarigna; an=aragonese,aragones;
    ar=arabic,العربية,arabe,arabisch,арабский; as=assamese,অসমীয়া; av=avaric; ay=aymara;
    az=azerbaijani,azərbaycan,azerbaidjanais,azerbaiyano,azerbaijano,aserbaidschanisch,азербайджанский,الأذربيجانية;
    ba=bashkir,башҡорт теле; be=belarusian,беларуская; bg=bulgarian,български; bi=bislama;
    bm=bambara,bamanakan,bamanan; bn=bangla,বাংলা,bengali,bengalisch,бенгальский,البنغالية; bo=tibetan,བོད་སྐད་;
    br=breton,brezhoneg; bs=bosnian,bosanski,bosniaque,bosnio,bosnisch,боснийский,البوسنية; ca=catalan,catala;
    ce=chechen,нохчийн; ch=chamorro; co=corsican,corsu; cr=cree; cs=czech,cestina;
    cu=church slavic,церковнослове́нскїй; cv=chuvash,чӑваш; cy=welsh,cymraeg; da=danish,dansk;
    de=german,deutsch,allemand,aleman,alemao,немецкий,الألمانية; dv=divehi,ދިވެހިބަސް; dz=dzongkha,རྫོང་ཁ;
    ee=ewe,eʋegbe; el=greek,ελληνικά,grec,griego,grego,griechisch,греческий,اليونانية,modern greek;
    en=english,anglais,ingles,englisch,английский,الإنجليزية; eo=esperanto;
    es=spanish,espanol,espagnol,espanhol,spanisch,испанский,الإسبانية,castilian,castellano; et=estonian,eesti;
    eu=basque,euskara; fa=persian,فارسی,persan,persa,persisch,персидский,الفارسية,farsi;
    ff=fula,pulaar,peul,ful,фулах,الفولانية,fulani,fulfulde,fulah,pular; fi=finnish,suomi; fj=fijian;
    fo=faroese,føroyskt; fr=french,francais,frances,franzosisch,французский,الفرنسية; fy=western frisian,frysk;
    ga=irish,gaeilge; gd=scottish gaelic,gaidhlig,gaelic; gl=galician,galego; gn=guarani,avane’e;
    gu=gujarati,ગુજરાતી; gv=manx,gaelg; ha=hausa,haoussa,hauca,haussa,хауса,الهوسا; he=hebrew,עברית;
    hi=hindi,हिन्दी,хинди,الهندية; ho=hiri motu;
    hr=croatian,hrvatski,croate,croata,kroatisch,хорватский,الكرواتية,croat;
    ht=haitian creole,kreyol ayisyen,haitian,creole haitian,creole haitien,kreyol; hu=hungarian,magyar;
    hy=armenian,հայերեն,armenien,armenio,armenisch,армянский,الأرمنية; hz=herero; ia=interlingua;
    id=indonesian,indonesia,indonesien,indonesio,indonesisch,индонезийский,الإندونيسية,bahasa indonesia;
    ie=interlingue; ig=igbo,игбо,الإيجبو; ii=sichuan yi,ꆈꌠꉙ; ik=inupiaq; io=ido; is=icelandic,islenska;
    it=italian,italiano,italien,italienisch,итальянский,الإيطالية; iu=inuktitut,ᐃᓄᒃᑎᑐᑦ;
    ja=japanese,日本語,japonais,japones,japanisch,японский,اليابانية; jv=javanese,jawa;
    ka=georgian,ქართული,georgien,georgiano,georgisch,грузинский,الجورجية; kg=kongo,kikongo; ki=kikuyu,gikuyu;
    kj=kuanyama; kk=kazakh,қазақ тілі,kazajo,cazaque,kasachisch,казахский,الكازاخستانية; kl=kalaallisut;
    km=khmer,ខ្មែរ,jemer,кхмерский,الخميرية,cambodian; kn=kannada,ಕನ್ನಡ;
    ko=korean,한국어,coreen,coreano,koreanisch,корейский,الكورية; kr=kanuri; ks=kashmiri,کٲشُر;
    ku=kurdish,kurdi,kurde,kurdo,curdo,kurdisch,курдский,الكردية; kv=komi; kw=cornish,kernewek;
    ky=kyrgyz,кыргызча,kirghize,kirguis,quirguiz,kirgisisch,киргизский,القيرغيزية,kirghiz; la=latin,latina;
    lb=luxembourgish,letzebuergesch; lg=ganda,luganda; li=limburgish; ln=lingala,лингала,اللينجالا;
    lo=lao,ລາວ,laosiano,laotisch,лаосский,اللاوية; lt=lithuanian,lietuviu; lu=luba-katanga,tshiluba;
    lv=latvian,latviesu; mg=malagasy,malgache,malgaxe,малагасийский,الملغاشي; mh=marshallese; mi=maori;
    mk=macedonian,македонски; ml=malayalam,മലയാളം; mn=mongolian,монгол,mongol,mongolisch,монгольский,المنغولية;
    mr=marathi,मराठी; ms=malay,melayu,malais,malayo,malaio,malaiisch,малайский,الماليزية,bahasa melayu;
    mt=maltese,malti;
    my=burmese,မြန်မာ,birman,birmano,birmanes,birmanisch,бирманский,البورمية,myanmar,myanmar language; na=nauru;
    nb=norwegian bokmal,norsk bokmal,bokmal; nd=north ndebele,isindebele;
    ne=nepali,नेपाली,nepalais,nepales,nepalesisch,непальский,النيبالية,nepalese; ng=ndonga;
    nl=dutch,nederlands,neerlandais,neerlandes,holandes,niederlandisch,нидерландский,الهولندية;
    nn=norwegian nynorsk,norsk nynorsk,nynorsk; no=norwegian,norsk; nr=south ndebele; nv=navajo,dine bizaad;
    ny=nyanja,chichewa,chewa; oc=occitan; oj=ojibwa;
    om=oromo,oromoo,оромо,الأورومية,oromiffa,afaan oromo,afan oromo,oromifa; or=odia,ଓଡ଼ିଆ,oriya; os=ossetic,ирон;
    pa=punjabi,ਪੰਜਾਬੀ,panjabi; pi=pali; pl=polish,polski,polonais,polaco,polones,polnisch,польский,البولندية;
    ps=pashto,پښتو,pachto,pastun,paschtu,пушту,البشتو,pashtu,pushto;
    pt=portuguese,portugues,portugais,portugiesisch,португальский,البرتغالية; qu=quechua,runasimi;
    rm=romansh,rumantsch; rn=rundi,ikirundi,kirundi;
    ro=romanian,romana,roumain,rumano,romeno,rumanisch,румынский,الرومانية;
    ru=russian,русский,russe,ruso,russo,russisch,الروسية;
    rw=kinyarwanda,ikinyarwanda,quiniaruanda,киньяруанда,الكينيارواندا; sa=sanskrit,संस्कृत भाषा;
    sc=sardinian,sardu; sd=sindhi,سنڌي; se=northern sami,davvisamegiella; sg=sango,sangho;
    si=sinhala,සිංහල,cingalais,cingales,singhalesisch,сингальский,السنهالية,sinhalese,singhalese;
    sk=slovak,slovencina; sl=slovenian,slovenscina; sm=samoan; sn=shona,chishona;
    so=somali,soomaali,сомали,الصومالية,af soomaali;
    sq=albanian,shqip,albanais,albanes,albanisch,албанский,الألبانية;
    sr=serbian,српски,serbe,serbio,servio,serbisch,сербский,الصربية; ss=swati,siswati;
    st=southern sotho,sesotho,sotho; su=sundanese,basa sunda; sv=swedish,svenska;
    sw=swahili,kiswahili,suajili,suaili,suaheli,суахили,السواحلية,swahili kenya;
    ta=tamil,தமிழ்,tamoul,тамильский,التاميلية; te=telugu,తెలుగు;
    tg=tajik,тоҷикӣ,tadjik,tayiko,tadjique,tadschikisch,таджикский,الطاجيكية;
    th=thai,ไทย,tailandes,thailandisch,тайский,التايلاندية;
    ti=tigrinya,ትግርኛ,tigrigna,tigrina,tigrinia,тигринья,التغرينية,tigirigna,tigrinha; tk=turkmen,turkmen dili;
    tl=tagalog,tagalo,тагалог,التاغالوغية; tn=tswana,setswana; to=tongan,lea fakatonga;
    tr=turkish,turkce,turc,turco,turkisch,турецкий,التركية; ts=tsonga,xitsonga; tt=tatar,татар; tw=twi; ty=tahitian;
    ug=uyghur,ئۇيغۇرچە,uighur;
    uk=ukrainian,українська,ukrainien,ucraniano,ukrainisch,украинский,الأوكرانية,українська мова;
    ur=urdu,اردو,ourdou,урду,الأوردية; uz=uzbek,o‘zbek,ouzbek,uzbeko,uzbeque,usbekisch,узбекский,الأوزبكية;
    ve=venda,tshivenda; vi=vietnamese,tieng viet,vietnamien,vietnamita,vietnamesisch,вьетнамский,الفيتنامية;
    vo=volapuk; wa=walloon,walon; wo=wolof,uolofe,волоф,الولوفية; xh=xhosa,isixhosa; yi=yiddish,ייִדיש;
    yo=yoruba,ede yoruba,ioruba,йоруба,اليوروبا; za=zhuang,vahcuengh;
    zh=chinese,中文,chinois,chino,chines,chinesisch,китайский,الصينية,mandarin,chinese mandarin,汉语,漢語;
    zu=zulu,isizulu; ady=adyghe; ahr=ahirani; aii=assyrian,assyrian neo-aramaic; apc=العامية,levantine arabic;
    ary=moroccan arabic,darija; arz=egyptian arabic; ast=asturian,asturianu; awa=awadhi; bal=baluchi,بلۆچی;
    bax=bamun; bem=bemba,ichibemba; bho=bhojpuri,भोजपुरी; bik=bikol; byn=blin,ብሊን; ceb=cebuano; cjk=chokwe;
    ckb=central kurdish,کوردیی ناوەندی,sorani,kurdish sorani; csb=kashubian; dag=dagbani; dgo=dogri; din=dinka;
    doi=डोगरी; dyu=dyula,dioula,jula; efi=efik; fan=fang; fat=fanti; fil=filipino,pilipino; fon=fon; gaa=ga;
    gez=geez,ግዕዝኛ; gil=gilbertese; grt=garo; gsw=swiss german,schwiizertuutsch; guz=gusii,ekegusii; hil=hiligaynon;
    hmn=hmong; hne=chhattisgarhi; hsb=upper sorbian,hornjoserbscina; ibb=ibibio; ilo=iloko; kab=kabyle,taqbaylit;
    kam=kamba,kikamba; kbd=kabardian; kea=kabuverdianu,cape verdean creole,crioulo cabo-verdiano,kriolu; kha=khasi;
    kmb=kimbundu; kmr=kurmanji,kurdish kurmanji,northern kurdish; kok=konkani,कोंकणी; kpe=kpelle,kpɛlɛɛ; kri=krio;
    kru=kurukh; ksw=sgaw karen,karen; lad=ladino; lgg=lugbara; lua=luba-lulua; luo=luo,dholuo; lus=mizo;
    luy=luyia,luluhia; mag=magahi; mai=maithili,मैथिली; mak=makasar; man=mandingo; mer=meru,kimiru;
    mfe=morisyen,kreol morisien,mauritian creole,creole mauricien,morisien; min=minangkabau;
    mni=manipuri,মৈতৈলোন্,meitei; mnk=mandinka; mos=mossi,moore; mwr=marwari; nan=min nan chinese;
    naq=nama,khoekhoegowab; nds=low german,neddersass’sch; nso=northern sotho,sesotho sa leboa,sepedi;
    nus=nuer,thok nath; nyn=nyankole,runyankore; pag=pangasinan; pap=papiamento,papiamentu;
    pcm=nigerian pidgin,naijiria pijin,naija,pidgin; prs=dari,دری; rhg=rohingya,𐴌𐴗𐴥𐴝𐴙𐴚𐴒𐴙𐴝,ruaingga;
    rom=romany,romani; rup=aromanian; sah=yakut,саха тыла; sat=santali,ᱥᱟᱱᱛᱟᱲᱤ; scn=sicilian,sicilianu;
    shi=tachelhit,ⵜⴰⵛⵍⵃⵉⵜ; sid=sidamo,sidaamu afo,sidama,sidaama; skr=سرائیکی,saraiki; snk=soninke;
    srr=serer,serere; sus=susu; syr=syriac,ܣܘܪܝܝܐ; szl=silesian,slonski; tcy=tulu; tem=timne;
    tet=tetum,tetun,tetun dili; tig=tigre,ትግረ; tiv=tiv; tkl=tokelau; tpi=tok pisin; tum=tumbuka; tvl=tuvalu;
    tzm=central atlas tamazight,tamaziɣt n latlas; umb=umbundu; vec=venetian,veneto; vmw=makhuwa,emakhuwa;
    wal=wolaytta,ወላይታቱ,wolaita; war=waray; yao=yao; yue=cantonese,粵語;
    zgh=standard moroccan tamazight,ⵜⴰⵎⴰⵣⵉⵖⵜ,amazigh,tamazight,berber; zza=zaza;
"""

# ISO 639-2 and 639-3 codes of languages that have a code of two letters.
_THREE_LETTERS: Final = """
    aar=aa abk=ab adp=dz afr=af aka=ak alb=sq als=sq amh=am ara=ar arb=ar arg=an arm=hy asm=as ava=av ave=ae aym=ay
    ayr=ay aze=az azj=az bak=ba bam=bm baq=eu bel=be ben=bn bis=bi bod=bo bos=bs bre=br bul=bg bur=my cat=ca ces=cs
    cha=ch che=ce chi=zh chu=cu chv=cv cls=sa cmn=zh cor=kw cos=co cre=cr cwd=cr cym=cy cze=cs dan=da deu=de div=dv
    drh=mn dut=nl dzo=dz ekk=et ell=el eng=en epo=eo esk=ik est=et eus=eu ewe=ee fao=fo fas=fa fat=ak fij=fj fin=fi
    fra=fr fre=fr fry=fy fuc=ff ful=ff gaz=om geo=ka ger=de gla=gd gle=ga glg=gl glv=gv gre=el grn=gn gug=gn guj=gu
    hat=ht hau=ha heb=he her=hz hin=hi hmo=ho hrv=hr hun=hu hye=hy ibo=ig ice=is ido=io iii=ii ike=iu iku=iu ile=ie
    ina=ia ind=id ipk=ik isl=is ita=it jav=jv jpn=ja kal=kl kan=kn kas=ks kat=ka kau=kr kaz=kk khk=mn khm=km kik=ki
    kin=rw kir=ky kmr=ku knc=kr kng=kg kom=kv kon=kg kor=ko kpv=kv kua=kj kur=ku lao=lo lat=la lav=lv lim=li lin=ln
    lit=lt ltz=lb lub=lu lug=lg lvs=lv mac=mk mah=mh mal=ml mao=mi mar=mr may=ms mkd=mk mlg=mg mlt=mt mol=ro mon=mn
    mri=mi msa=ms mya=my nau=na nav=nv nbl=nr nde=nd ndo=ng nep=ne nld=nl nno=nn nob=nb nor=no npi=ne nya=ny oci=oc
    ojg=oj oji=oj ori=or orm=om ory=or oss=os pan=pa pbu=ps per=fa pes=fa pli=pi plt=mg pol=pl por=pt prp=gu pus=ps
    que=qu quz=qu roh=rm ron=ro rum=ro run=rn rus=ru sag=sg san=sa scc=sr scr=hr sin=si slk=sk slo=sk slv=sl sme=se
    smo=sm sna=sn snd=sd som=so sot=st spa=es sqi=sq src=sc srd=sc srp=sr ssw=ss sun=su swa=sw swe=sv swh=sw tah=ty
    tam=ta tat=tt tel=te tgk=tg tha=th tib=bo tir=ti ton=to tsn=tn tso=ts tuk=tk tur=tr twi=ak uig=ug ukr=uk urd=ur
    uzb=uz uzn=uz ven=ve vie=vi vol=vo wel=cy wln=wa wol=wo xho=xh ydd=yi yid=yi yor=yo zha=za zho=zh zsm=ms zul=zu
    zyb=za
"""

_BY_CODE: Final = {
    code: names.split(",") for code, names in (entry.strip().split("=") for entry in _NAMES.split(";") if entry.strip())
}
_BY_NAME: Final = {name: code for code, names in _BY_CODE.items() for name in names}
_SHORTER: Final = dict(pair.split("=") for pair in _THREE_LETTERS.split())

LANGUAGES: Final = tuple(_BY_CODE)

_TAG: Final = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)
_PRIVATE: Final = re.compile(r"x(?:-[a-z0-9]{1,8})+")
_NAME_AND_CODE: Final = re.compile(r"(.*?)\s*[(\[]\s*([A-Za-z0-9_-]{2,40})\s*[)\]]")


def language_tag(label: str) -> str | None:
    """BCP 47 tag of a language as authors write it: `fr`, `pt_BR`, `Français (fr)`, `Swahili`, `x-…`; else None."""
    text = label.strip()
    if match := _NAME_AND_CODE.fullmatch(text):
        return _canonical(match[2], known_only=False) or _BY_NAME.get(_fold(match[1]))
    return _BY_NAME.get(_fold(text)) or _canonical(text, known_only=True)


def private_tag(label: str) -> str:
    """A private-use tag (`x-klingon`) for a language that nobody recognises: the same label, the same tag."""
    letters = re.sub(r"[^a-z0-9]", "", _fold(label))[:24] or hashlib.sha256(_fold(label).encode()).hexdigest()[:8]
    return "-".join(["x", *(letters[start : start + 8] for start in range(0, len(letters), 8))])


def age_group(age: int) -> str:
    """Code of the age group to which a number of completed years belongs (negative: the youngest)."""
    return next(group.code for group in AGE_GROUPS if group.oldest is None or age <= group.oldest)


def _canonical(tag: str, *, known_only: bool) -> str | None:
    """The tag in canonical form; unknown languages of three letters pass unless only known ones are wanted."""
    if _PRIVATE.fullmatch(tag.lower()):
        return tag.lower()
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    language = _SHORTER.get(match[1].lower(), match[1].lower())
    if language not in _BY_CODE and (known_only or len(language) == 2):
        return None
    return "-".join([language, *filter(None, [(match[2] or "").title(), (match[3] or "").upper()])])


def _fold(name: str) -> str:
    """A name without case, accents on Latin letters and superfluous space."""
    letters = unicodedata.normalize("NFKD", " ".join(name.split()).casefold())
    return unicodedata.normalize("NFC", re.sub("(?<=[a-z])[\u0300-\u036f]+", "", letters))
