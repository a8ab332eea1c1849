"""The words for what can be wrong with an XLSForm, and for what an import leaves out."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES: dict[str, str] = {
    # The file
    "xlsform.file.empty": N_("The file is empty. Choose another file."),
    "xlsform.file.legacy": N_(
        "This is an old Excel file (.xls). Open it in a spreadsheet program and save it as Excel workbook (.xlsx)."
    ),
    "xlsform.file.encrypted": N_(
        "The workbook is protected with a password. Remove the password in your spreadsheet program and save it again."
    ),
    "xlsform.file.not_a_workbook": N_(
        "This is no Excel workbook, whatever its name says. Save the form as Excel workbook (.xlsx)."
    ),
    "xlsform.file.damaged": N_(
        "The workbook is damaged and cannot be read. Open it in a spreadsheet program and save it again as .xlsx."
    ),
    "xlsform.file.doctype": N_(
        "The workbook contains XML declarations (DOCTYPE) that no spreadsheet program writes. For safety it was not "
        "opened. Copy the sheets into a new workbook."
    ),
    "xlsform.file.too_large": N_(
        "Unpacked, the workbook is too large (the limit is %(megabytes)s MB and a million cells). Delete sheets, "
        "pictures and empty formatted rows that the form does not need."
    ),
    "xlsform.more": N_("Further problems are not shown here: %(count)s. Mend these first and check the file again."),
    # Sheets and columns
    "xlsform.sheet.missing": N_(
        "There is no sheet “%(sheet)s”. The sheets are: %(sheets)s. Rename the one with the questions."
    ),
    "xlsform.sheet.misspelt": N_(
        "There is no sheet “%(sheet)s”, but one called “%(found)s”, which was not read. If it is meant, rename it."
    ),
    "xlsform.sheet.left_out": N_("The sheet “%(sheet)s” was left out: what it describes has no place here."),
    "xlsform.sheet.rows": N_(
        "The sheet has more than %(limit)s rows with content. Delete rows that do not belong to the form."
    ),
    "xlsform.sheet.columns": N_(
        "The sheet has more than %(limit)s columns. Delete columns that do not belong to the form."
    ),
    "xlsform.column.missing": N_("The column “%(header)s” is missing. Add it to the first row of the sheet."),
    "xlsform.column.duplicate": N_(
        "The column “%(header)s” means the same as the column “%(other)s”. Delete or rename one of them."
    ),
    "xlsform.column.left_out": N_("The column “%(header)s” is not known and was left out."),
    "xlsform.column.media": N_(
        "The column “%(header)s” names files that must be sent along with the form or uploaded after it, for example "
        "“%(file)s” (in all: %(count)s)."
    ),
    "xlsform.column.video": N_(
        "The column “%(header)s” names videos, for example “%(file)s” (in all: %(count)s). They are not shown; the "
        "names are kept."
    ),
    "xlsform.media": N_("“big-image” needs a smaller picture in the column “image” and was left out."),
    "xlsform.column.shadowed": N_(
        "The columns “%(header)s” and “%(other)s” are in the same language. The text of the second is used where there "
        "is one. Keep only one of them."
    ),
    "xlsform.column.unnamed": N_(
        "The text “%(text)s” stands in a column without a header and was left out. Give the column a header if it is "
        "needed."
    ),
    "xlsform.cell.error": N_("The cell shows the error %(value)s. Mend its formula, or write the text itself."),
    "xlsform.cell.unused": N_("“%(header)s” means nothing for the type “%(type)s” and was left out."),
    "xlsform.row.left_out": N_("This row does not say what it is and was left out."),
    "xlsform.row.disabled": N_("This row is disabled and was left out."),
    "xlsform.empty": N_("The form has no questions. Write one question in each row of the sheet “survey”."),
    "xlsform.title.missing": N_(
        "The form has no title; it is called “%(title)s”. Add “form_title” to the sheet “settings”."
    ),
    # Languages
    "xlsform.language.unknown": N_(
        "The language “%(language)s” is not known; it is kept as “%(tag)s”. Write its code in brackets after its name, "
        "for example “Français (fr)”."
    ),
    "xlsform.language.empty": N_("There is no text in the language “%(tag)s”; it is not offered."),
    "xlsform.language.incomplete": N_("Texts missing in the language “%(tag)s”: %(missing)s of %(total)s."),
    "xlsform.label.missing": N_("The question “%(name)s” has no label. Participants would not know what is asked."),
    # Types
    "xlsform.type.missing": N_("The type is missing. Write what kind of question this is, for example “text”."),
    "xlsform.type.misspelt": N_("The type “%(type)s” is not known. Did you mean “%(suggestion)s”?"),
    "xlsform.type.unknown": N_(
        "The type “%(type)s” is not known. Use for example text, integer, date, note, “select_one list” or begin_group."
    ),
    "xlsform.left_out.trace": N_(
        "“%(type)s” was left out: nothing is stored that could tell who answered, where, when or on which device."
    ),
    "xlsform.left_out.type": N_("The question “%(name)s” was left out: the type “%(type)s” has no place here."),
    "xlsform.loop": N_(
        "Loops have no place here. Write the questions of the loop one by one, or use begin_repeat and end_repeat."
    ),
    # Names and sections
    "xlsform.name.missing": N_("The name is missing. Give this row a short name, for example “age”."),
    "xlsform.name.invalid": N_(
        "“%(name)s” cannot be a name. Begin with a letter; use letters, digits, “_”, “-” and “.” only, and no spaces."
    ),
    "xlsform.name.duplicate": N_("The name “%(name)s” is used in row %(first)s already. Give this row another name."),
    "xlsform.name.reused": N_(
        "The name “%(name)s” is used in another group too. Give each a name of its own before you publish."
    ),
    "xlsform.id.invalid": N_(
        "“%(id)s” cannot be an id. Leave “our::id” as it was exported, or delete it from this row."
    ),
    "xlsform.id.duplicate": N_("The id “%(id)s” is used in row %(first)s already. Delete it from the row that is new."),
    "xlsform.section.unopened": N_("There is nothing to end here. Delete this row, or add the begin_%(kind)s it ends."),
    "xlsform.section.unclosed": N_(
        "“begin_%(kind)s %(name)s” has no end. Add a row “end_%(kind)s” after its last question."
    ),
    "xlsform.section.mismatch": N_(
        "This row is “end_%(kind)s”, but “begin_%(expected)s %(name)s” of row %(begin)s is open. "
        "Write “end_%(expected)s” here, or add the missing row."
    ),
    "xlsform.section.depth": N_("Groups stand in more than %(limit)s other groups here. Use fewer levels."),
    # Choices
    "xlsform.list.unnamed": N_("Name the list of choices after the type, for example “%(type)s yes_no”."),
    "xlsform.list.missing": N_("There is no list “%(list)s”. Add its choices to the sheet “choices”."),
    "xlsform.list.misspelt": N_("There is no list “%(list)s”. Did you mean “%(suggestion)s”?"),
    "xlsform.list.file": N_(
        "The choices stand in the file %(file)s, which is not part of the form. Import the form again together with "
        "this file, or copy the choices to the sheet “choices”."
    ),
    "xlsform.list.twice": N_(
        "The file %(file)s and the sheet “choices” both have a list “%(list)s”. Rename one of them."
    ),
    "xlsform.choice.duplicate": N_(
        "The list “%(list)s” has the choice “%(name)s” in row %(first)s already. Give it another name, or set "
        "“allow_choice_duplicates” to “yes” in the sheet “settings”."
    ),
    "xlsform.choice.name_missing": N_("This choice of the list “%(list)s” has no name. Write a short code for it."),
    "xlsform.choice.list_missing": N_("The choice “%(name)s” names no list and was left out."),
    "xlsform.choice.label_missing": N_("The choice “%(name)s” of the list “%(list)s” has no label."),
    "xlsform.choice.space": N_(
        "The choice “%(name)s” of the list “%(list)s” has a space in its name, and several choices are stored with "
        "spaces between them. Use “_” instead."
    ),
    # CSV files beside the form, and with responses
    "xlsform.attached.unused": N_("The form does not use the file %(file)s; it was left out."),
    "xlsform.attached.type": N_("%(file)s is no CSV file. Save the choices as CSV (UTF-8)."),
    "xlsform.attached.too_large": N_("The file is too large (the limit is %(megabytes)s MB)."),
    "csv.encoding": N_("This row is not in UTF-8. Save the file as CSV (UTF-8)."),
    "csv.row": N_("This row cannot be read: quotation marks are open or stand in a wrong place."),
    "csv.cells": N_(
        "This row has more cells than the first row has names (%(count)s). Put texts with commas in quotation marks."
    ),
    # Writing a form
    "xlsform.export.cell": N_("This text is too long for a cell of a spreadsheet (the limit is %(limit)s characters)."),
    "xlsform.export.rows": N_("The questionnaire is too long for one sheet (the limit is %(limit)s rows)."),
    "xlsform.export.columns": N_("The questionnaire needs more than %(limit)s columns in one sheet."),
    # Expressions and what they speak of
    "xlsform.calculation.missing": N_(
        "“%(name)s” is a calculation, but the column “calculation” is empty. Fill it in."
    ),
    "xlsform.parameters": N_(
        "The parameters “%(text)s” cannot be read. Write name=value, with spaces between, for example “start=0 end=10”."
    ),
    "xlsform.parameters.unknown": N_("“%(name)s” is no parameter of the type “%(type)s” and was left out."),
    "xlsform.parameters.number": N_("“%(name)s=%(value)s” is not understood. Write a number."),
    "xlsform.parameters.whole": N_("“%(name)s=%(value)s” is not understood. Write a whole number."),
    "xlsform.parameters.truth": N_("“%(name)s=%(value)s” is not understood. Write true or false."),
    "xlsform.parameters.seed": N_(
        "“seed=%(value)s” is not understood. Write randomize=true, and as seed a number or the name of a question as "
        "${name}."
    ),
    "xlsform.parameters.step": N_(
        "“%(name)s=%(value)s” does not fit: steps must be larger than 0 and lead from start to end."
    ),
    "xlsform.trigger": N_("“%(trigger)s” is no trigger. Write the name of a question as ${name}."),
    "xlsform.reference.unknown": N_("There is no question “%(name)s”. Mend the name, or add the question."),
    "xlsform.reference.misspelt": N_("There is no question “%(name)s”. Did you mean “%(suggestion)s”?"),
    "xlsform.reference.ambiguous": N_(
        "Several questions have the name “%(name)s”, so it is unclear which is meant. Give each a name of its own."
    ),
    "xlsform.reference.left_out": N_(
        "This refers to “%(name)s”, which was left out and never has an answer. Change this before you publish."
    ),
    "xlsform.reference.reversed": N_("The reference {%(name)s}$ is the wrong way round. Write ${%(name)s}."),
}
