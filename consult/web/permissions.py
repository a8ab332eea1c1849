"""Who may use which route: one table, deny by default.

A route that is not listed does not exist (404), and a test fails. Rules say only *who*; which objects they reach
follows from the scope (`core.access`), to which every query of staff is narrowed.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from consult.core.access import Actor, Rule, Scope
from consult.web.security import csrf

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
    "consultations.part": PUBLIC,
    "consultations.comment": PUBLIC,
    "consultations.alike": PUBLIC,
    "consultations.share": PUBLIC,
    "consultations.answer_questions": PUBLIC,
    "consultations.submit": PUBLIC,
    "consultations.submissions_published": PUBLIC,
    "consultations.submission": PUBLIC,
    "consultations.submission_file": PUBLIC,
    "consultations.receipt": PUBLIC,
    "consultations.own": PUBLIC,
    "consultations.change": PUBLIC,
    "consultations.take_back": PUBLIC,
    "consultations.withdraw": PUBLIC,
    "consultations.invited": PUBLIC,
    "consultations.questions_asked": MANAGE,
    "consultations.question": MANAGE,
    "consultations.raise_question": MANAGE,
    "consultations.remove_question": MANAGE,
    "consultations.show": VIEW,
    "consultations.describe": MANAGE,
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


def init(app: Flask, load_actor: Callable[[], Actor | None]) -> None:
    """Guard every route; `load_actor` tells who has signed in, and is asked on staff routes only."""
    app.extensions["consult.load_actor"] = load_actor
    app.before_request(_guard)


def actor() -> Actor:
    """Who has signed in; only on routes that need it."""
    found: Actor = g.scope.actor
    return found


def scope() -> Scope:
    """What this request may reach."""
    found: Scope = g.scope
    return found


def may(endpoint: str) -> bool:
    """Whether who has signed in may use a route at all: for links and menus."""
    rule = PERMISSIONS.get(endpoint)
    if rule is None or "scope" not in g:
        return rule is not None and rule.public
    return rule.scope(g.scope.actor) is not None


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    rule = PERMISSIONS.get(request.endpoint)
    if rule is None:
        abort(404)
    if rule.public:
        return None
    signed_in: Actor | None = current_app.extensions["consult.load_actor"]()
    if signed_in is None:
        return redirect(url_for("accounts.sign_in", next=request.full_path if request.method == "GET" else None))
    reachable = rule.scope(signed_in)
    if reachable is None:
        abort(404)
    g.scope = reachable
    csrf.protect()
    return None
