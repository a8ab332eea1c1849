"""Words for what can be wrong with translations and with files of them."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "translation.placeholder.missing": N_("%(name)s is missing. It is replaced on the page: the text needs it."),
    "translation.placeholder.unknown": N_(
        "%(name)s is not in the source. Leave it out, or write it as it stands there."
    ),
    "translation.percent": N_("Write a per cent sign as %%%%, or leave it out."),
    "translation.long": N_("Write at most %(longest)s characters."),
    "translation.changed": N_("Somebody else wrote here in the meantime: “%(text)s”. Save again to replace it."),
    "translation.review.wrong": N_(
        "Placeholders or lengths of some texts are wrong: %(count)s. Mend them first; the editor says where."
    ),
    "exchange.format": N_("Choose a file that ends in .xlsx, .xlf or .po."),
    "exchange.empty": N_("The file is empty. Choose another file."),
    "exchange.large": N_("The file is larger than %(megabytes)s MB. Send it in parts."),
    "exchange.many": N_("The file has more than %(limit)s texts. Send it in parts."),
    "exchange.damaged": N_("The file cannot be read from here on. Export it again and copy the translations over."),
    "exchange.doctype": N_("The file declares a document type, which is not accepted. Take the declaration out."),
    "exchange.encoding": N_("The file is not in UTF-8. Save it as UTF-8 and choose it again."),
    "exchange.twice": N_("The text “%(key)s” stands in the file more than once. Leave one."),
    "exchange.locale": N_(
        "The file is for other languages. Choose one that translates from %(source)s into %(target)s."
    ),
    "exchange.undecided": N_("Choose which of the two translations stays."),
    "exchange.sheet.columns": N_(
        "The columns “unit”, “source (…)” and “target (…)” must be there, as they were exported."
    ),
    "exchange.sheet.unit": N_("The column “unit” is empty in this row, so nobody knows which text this is."),
    "exchange.po.context": N_("This text has no context (msgctxt), so nobody knows which text it is."),
    "exchange.xliff.version": N_("This is no XLIFF 2.0 file. Export it anew and use the same version in your tool."),
    "exchange.xliff.unit": N_("This unit has no name or no segment, so nobody knows which text it is."),
}
