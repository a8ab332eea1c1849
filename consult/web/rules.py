"""Who may use which route: one table, deny by default.

A route that is not listed does not exist (404), and a test fails. Rules say only *who*; which objects they reach
follows from the scope (`core.access`), to which every query of staff is narrowed.
"""

from __future__ import annotations

from consult.core.access import Rule

PUBLIC = Rule(public=True)
SIGNED_IN = Rule(signed_in=True)
OPERATOR = Rule(operator=True)


def only(roles: str = "", seats: str = "") -> Rule:
    """Holders of one of these roles at the institution, or of one of these seats in the core group."""
    return Rule(roles=frozenset(roles.split()), seats=frozenset(seats.split()))


SEATS = "lead member observer adviser"
ADMINISTER = only("administrator")
"""Those who decide who works for an institution, and read what was done."""
MANAGE = only("officer administrator", "lead")
"""Those who run a process and its activities."""
VIEW = only("officer administrator translator facilitator steward coder", SEATS)
"""Everybody who works on a process. Interviewers do not: they see the interviews that they are named for."""
INTERVIEW = only("interviewer")
"""Those who enter answers of others, where they are named."""
ANSWER = only("respondent")
"""Those who answer for their institution, where they are named."""
NAME = only("officer administrator")
"""Those who name them."""
ASKED = only("respondent officer administrator")
"""Those who see what their institution is asked to answer."""
DESK = Rule(signed_in=True, roles=VIEW.roles, seats=VIEW.seats)
"""The list of what somebody works on, which may be empty."""
BEGIN = only("officer administrator")
"""Those who may begin a policy process for their institution."""
TRANSLATE = only("officer administrator translator", "lead")
"""Those who write and review translations."""
WORDS = only("officer administrator translator")
"""Those who translate the words that participants see in an added language, where they work for the operator."""
RESULTS = only("officer steward", SEATS)
"""Those who see released numbers and the fieldwork page."""
RELEASE = only("officer steward", "lead")
"""Those who freeze and publish numbers."""
STEWARD = only("steward")
"""Those who may see what participants sent besides numbers, and what releases hide."""
REPLY = only("officer administrator", "lead member")
"""Those who draft official answers."""
CODING = only("officer administrator steward coder", "lead")
"""Those who see how far coding is, and how far coders agree."""
CODE = only("steward coder")
"""Those who read what people wrote, to code it."""
FOR_CODERS = only("officer administrator steward coder translator", "lead")
"""Those who work on texts, or see which of them are with translators."""
TRANSLATE_ANSWERS = only("steward translator")
"""Those who read answers, to translate them for coders."""

PERMISSIONS: dict[str, Rule] = {
    "static": PUBLIC,
    "script": PUBLIC,
    # pages
    "pages.start": PUBLIC,
    "pages.home": PUBLIC,
    "pages.help": PUBLIC,
    "pages.contact": PUBLIC,
    "pages.accessibility": PUBLIC,
    "pages.privacy": PUBLIC,
    "pages.health": PUBLIC,
    # accounts
    "accounts.sign_in": PUBLIC,
    "accounts.code": PUBLIC,
    "accounts.link": PUBLIC,
    "accounts.password": PUBLIC,
    "accounts.forgotten": PUBLIC,
    "accounts.sign_out": SIGNED_IN,
    "accounts.sign_out_everywhere": SIGNED_IN,
    "accounts.profile": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
    "accounts.end_sign_in": SIGNED_IN,
    "accounts.second_step": SIGNED_IN,
    "accounts.second_step_off": SIGNED_IN,
    "accounts.recovery_codes": SIGNED_IN,
    "accounts.institutions": ADMINISTER,
    "accounts.new_institution": OPERATOR,
    "accounts.edit_institution": OPERATOR,
    "accounts.people_of": ADMINISTER,
    "accounts.invite": ADMINISTER,
    "accounts.person": ADMINISTER,
    "accounts.send_link": ADMINISTER,
    "accounts.disable": ADMINISTER,
    "accounts.enable": ADMINISTER,
    "accounts.sign_out_person": ADMINISTER,
    "accounts.trail": ADMINISTER,
    # languages
    "languages.index": TRANSLATE,
    "languages.add": OPERATOR,
    "languages.describe": OPERATOR,
    # processes
    "processes.index": DESK,
    "processes.begin": BEGIN,
    "processes.show": VIEW,
    "processes.describe": MANAGE,
    "processes.group": MANAGE,
    "processes.unseat": MANAGE,
    "processes.themes": MANAGE,
    "processes.theme": MANAGE,
    "processes.move_theme": MANAGE,
    "processes.remove_theme": MANAGE,
    "processes.adopt_themes": MANAGE,
    "processes.plan": MANAGE,
    "processes.rename": MANAGE,
    # What of them is whose business, `processes.views.jobs` decides for each.
    "processes.jobs": VIEW,
    "processes.job": VIEW,
    "processes.cancel_job": VIEW,
    "processes.job_file": VIEW,
    "processes.public": PUBLIC,
    # privacy
    "privacy.write": MANAGE,
    "privacy.retention": MANAGE,
    "privacy.notice": PUBLIC,
    "privacy.help": PUBLIC,
    "privacy.process_help": PUBLIC,
    "privacy.helplines": MANAGE,
    "privacy.add_helpline": MANAGE,
    "privacy.helpline": MANAGE,
    "privacy.remove_helpline": MANAGE,
    # consultations
    "consultations.first": PUBLIC,
    "consultations.policy": PUBLIC,
    "consultations.leave": PUBLIC,
    "consultations.text": PUBLIC,
    "consultations.text_versions": PUBLIC,
    "consultations.text_difference": PUBLIC,
    "consultations.answers": PUBLIC,
    "consultations.replies": REPLY,
    "consultations.write_reply": REPLY,
    "consultations.reply": REPLY,
    "consultations.reply_to": REPLY,
    "consultations.discard_reply": REPLY,
    "consultations.approve_reply": MANAGE,
    "consultations.publish_replies": MANAGE,
    "consultations.log": PUBLIC,
    "consultations.appeal": PUBLIC,
    "consultations.voice_concern": PUBLIC,
    "consultations.queue": MANAGE,
    "consultations.decide": MANAGE,
    "consultations.moderate": MANAGE,
    "consultations.let_stand": MANAGE,
    "consultations.campaigns": MANAGE,
    "consultations.decide_group": MANAGE,
    "consultations.appeals": MANAGE,
    "consultations.settle_appeal": MANAGE,
    "consultations.flag": VIEW,
    # Of them only the focal point, as `consultations.concerns` says.
    "consultations.concerns": VIEW,
    "consultations.concern": VIEW,
    "consultations.untranslated": TRANSLATE,
    "consultations.translate": TRANSLATE,
    "consultations.show": VIEW,
    "consultations.draft_text": VIEW,
    "consultations.import_text": MANAGE,
    "consultations.edit_block": MANAGE,
    "consultations.publish_text": MANAGE,
    "consultations.describe": MANAGE,
    "consultations.vote": PUBLIC,
    "consultations.cast": PUBLIC,
    "consultations.undo": PUBLIC,
    "consultations.votes": PUBLIC,
    "consultations.place": PUBLIC,
    "consultations.propose": PUBLIC,
    "consultations.keep_proposal": PUBLIC,
    "consultations.proposed": PUBLIC,
    "consultations.statements": VIEW,
    "consultations.add_statements": MANAGE,
    "consultations.statement": TRANSLATE,
    "consultations.decide_statement": MANAGE,
    "consultations.opinions": RESULTS,
    # coding
    "coding.overview": FOR_CODERS,
    "coding.agreement": CODING,
    "coding.export": STEWARD,
    "coding.concerns": STEWARD,
    "coding.give_back": STEWARD,
    "coding.codebook": MANAGE,
    "coding.share": MANAGE,
    "coding.code": MANAGE,
    "coding.remove_code": MANAGE,
    "coding.publish": MANAGE,
    "coding.version": CODING,
    "coding.codebook_file": CODING,
    "coding.next": CODE,
    "coding.text": CODE,
    "coding.flag": CODE,
    "coding.differences": CODE,
    "coding.difference": CODE,
    "coding.translations": FOR_CODERS,
    "coding.make_batch": RELEASE,
    "coding.batch": TRANSLATE_ANSWERS,
    "coding.batch_file": TRANSLATE_ANSWERS,
    # questionnaires
    "questionnaires.show": VIEW,
    "questionnaires.import": MANAGE,
    "questionnaires.download": MANAGE,
    "questionnaires.approval": VIEW,
    "questionnaires.ask_approval": MANAGE,
    "questionnaires.decide_approval": MANAGE,
    "questionnaires.paper": VIEW,
    "questionnaires.make_paper": VIEW,
    "questionnaires.media": MANAGE,
    "questionnaires.remove_media": MANAGE,
    "questionnaires.download_media": MANAGE,
    "questionnaires.medium": VIEW,
    "questionnaires.publish": MANAGE,
    "questionnaires.next_round": MANAGE,
    "questionnaires.standing": MANAGE,
    "questionnaires.record": MANAGE,
    "questionnaires.measures": MANAGE,
    "questionnaires.measure": MANAGE,
    "questionnaires.translations": TRANSLATE,
    "questionnaires.translate": TRANSLATE,
    "questionnaires.translate_into": TRANSLATE,
    "questionnaires.download_translations": TRANSLATE,
    "questionnaires.upload_translations": TRANSLATE,
    "questionnaires.review_translations": MANAGE,
    "questionnaires.leave_out": MANAGE,
    "questionnaires.translate_words": WORDS,
    "questionnaires.download_words": WORDS,
    "questionnaires.upload_words": WORDS,
    "questionnaires.review_words": OPERATOR,
    "questionnaires.offer": MANAGE,
    "questionnaires.schedule": MANAGE,
    "questionnaires.open": MANAGE,
    "questionnaires.close": MANAGE,
    "questionnaires.reopen": MANAGE,
    # participation
    "participation.bots": MANAGE,
    "participation.interviewers": MANAGE,
    "participation.remove_interviewer": MANAGE,
    "participation.invitations": MANAGE,
    "participation.words": MANAGE,
    "participation.generate": MANAGE,
    "participation.codes_file": MANAGE,
    "participation.remove_list": MANAGE,
    "participation.add_contacts": MANAGE,
    "participation.mail": MANAGE,
    "participation.merge": MANAGE,
    "participation.quotas": MANAGE,
    "participation.remove_quota": MANAGE,
    # responses
    "responses.preview": VIEW,
    "responses.import": MANAGE,
    "responses.files": STEWARD,
    "responses.file": STEWARD,
    "responses.all_files": STEWARD,
    "responses.first": PUBLIC,
    "responses.medium": PUBLIC,
    "responses.begin": PUBLIC,
    "responses.invited": PUBLIC,
    "responses.use_invitation": PUBLIC,
    "responses.page": PUBLIC,
    "responses.answer": PUBLIC,
    "responses.check": PUBLIC,
    "responses.away": PUBLIC,
    "responses.submit": PUBLIC,
    "responses.offline": PUBLIC,
    "responses.arrive": PUBLIC,
    "responses.worker": PUBLIC,
    "responses.receipt": PUBLIC,
    "responses.saved": PUBLIC,
    "responses.resume": PUBLIC,
    "responses.enter": PUBLIC,
    "responses.answers": PUBLIC,
    "responses.correct": PUBLIC,
    "responses.withdraw": PUBLIC,
    "responses.erase": PUBLIC,
    "responses.leave": PUBLIC,
    "responses.trials": MANAGE,
    "responses.end_trial": MANAGE,
    "responses.delete_trial": MANAGE,
    "responses.export_trial": MANAGE,
    "responses.trial_first": PUBLIC,
    "responses.trial_link": PUBLIC,
    "responses.trial_notice": PUBLIC,
    "responses.trial_help": PUBLIC,
    "responses.trial_medium": PUBLIC,
    "responses.trial_begin": PUBLIC,
    "responses.trial_page": PUBLIC,
    "responses.trial_answer": PUBLIC,
    "responses.trial_check": PUBLIC,
    "responses.trial_submit": PUBLIC,
    "responses.trial_away": PUBLIC,
    "responses.trial_receipt": PUBLIC,
    "responses.trial_saved": PUBLIC,
    "responses.trial_resume": PUBLIC,
    "responses.trial_enter": PUBLIC,
    "responses.trial_answers": PUBLIC,
    "responses.trial_correct": PUBLIC,
    "responses.trial_withdraw": PUBLIC,
    "responses.trial_erase": PUBLIC,
    "responses.trial_leave": PUBLIC,
    "responses.trial_offline": PUBLIC,
    "responses.trial_arrive": PUBLIC,
    "responses.trial_worker": PUBLIC,
    "responses.interviews": INTERVIEW,
    "responses.begin_interview": INTERVIEW,
    "responses.interview_first": PUBLIC,
    "responses.interview_page": PUBLIC,
    "responses.interview_answer": PUBLIC,
    "responses.interview_check": PUBLIC,
    "responses.interview_away": PUBLIC,
    "responses.interview_submit": PUBLIC,
    "responses.interview_receipt": PUBLIC,
    "responses.interview_discard": PUBLIC,
    "responses.interview_drop": PUBLIC,
    "responses.institutions": MANAGE,
    "responses.uninvite": MANAGE,
    "responses.signed": MANAGE,
    "responses.reopen": MANAGE,
    "responses.asked": ASKED,
    "responses.hands": NAME,
    "responses.remove_hand": NAME,
    "responses.joint": ANSWER,
    "responses.joint_page": ANSWER,
    "responses.joint_answer": ANSWER,
    "responses.joint_question": ANSWER,
    "responses.joint_settle": ANSWER,
    "responses.joint_check": ANSWER,
    # results
    "results.show": RESULTS,
    "results.release": RESULTS,
    "results.question": RESULTS,
    "results.representativeness": RESULTS,
    "results.download": RESULTS,
    "results.make_report": RESULTS,
    "results.group": RESULTS,
    "results.themes": RESULTS,
    "results.themes_file": RESULTS,
    "results.matrix": RESULTS,
    "results.matrix_file": RESULTS,
    "results.chart": RESULTS,
    "results.fieldwork": RESULTS,
    "results.compare": RESULTS,
    "results.hidden": STEWARD,
    "results.plan": RELEASE,
    "results.renew": RELEASE,
    "results.preview": RELEASE,
    "results.preview_question": RELEASE,
    "results.freeze": RELEASE,
    "results.discard": RELEASE,
    "results.publish": RELEASE,
    "results.withdraw": RELEASE,
    "results.margins": RELEASE,
    "results.fit_margins": RELEASE,
    "results.decide_margins": RELEASE,
    "results.model": STEWARD,
    "results.microdata": STEWARD,
    "results.microdata_file": STEWARD,
    "results.public": PUBLIC,
    "results.published": PUBLIC,
    "results.published_compare": PUBLIC,
    "results.published_question": PUBLIC,
    "results.published_representativeness": PUBLIC,
    "results.published_download": PUBLIC,
    "results.published_group": PUBLIC,
    "results.published_themes": PUBLIC,
    "results.published_themes_file": PUBLIC,
    "results.published_matrix": PUBLIC,
    "results.published_matrix_file": PUBLIC,
    "results.published_chart": PUBLIC,
}
