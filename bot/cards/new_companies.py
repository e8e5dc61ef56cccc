"""Ask the desk whether names that no company has are new companies, before anything is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import subtext
from bot.languages import format_list, say, say_as, say_count

_MAX_NAMES = 10
#: Buttons that replace a name; each name has one.
_MAX_REPLACEMENTS = 3
_NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class NewCompany:
    """A name that no company has yet, and the companies with similar names, the nearest first."""

    name: str
    similar: tuple[str, ...] = ()


def new_companies_card(companies: Sequence[NewCompany], form_key: str) -> Card:
    """Return the new names with similar ones, and buttons to use a similar one, to create the companies, or to edit the form."""
    more_count = len(companies) - _MAX_NAMES
    replaceable = [
        (index, company) for index, company in enumerate(companies) if company.similar and index < _MAX_NAMES
    ]
    create_label = say_count("Create {count} company and save", "Create {count} companies and save", len(companies))
    return Card(
        container(
            text(
                heading(say_count("{count} new company", "{count} new companies", len(companies))),
                *map(new_company_line, companies[:_MAX_NAMES]),
                subtext(say_count("+{count} more", "+{count} more", more_count)) if more_count > 0 else "",
                subtext(say("Nothing has been saved yet.")),
            ),
            row(
                *(
                    button(
                        say_as("button", "Use {company}", company=company.similar[0]),
                        custom_ids.NEW_COMPANIES.build(action="use", index=index, form=form_key),
                    )
                    for index, company in replaceable[:_MAX_REPLACEMENTS]
                ),
                button(
                    create_label, custom_ids.NEW_COMPANIES.build(action="create", index=0, form=form_key), primary=True
                ),
                button(say_as("button", "Edit"), custom_ids.RETRY_FORM.build(form=form_key)),
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def new_company_line(company: NewCompany) -> str:
    """Return a new name, and which known ones it may stand for."""
    name = escape_line(company.name, _NAME_LIMIT)
    if not company.similar:
        return say("- **{company}**: no known company has a similar name.", company=name)
    similar = format_list(escape_line(other, _NAME_LIMIT) for other in company.similar)
    return say("- **{company}**: did you mean {similar}?", company=name, similar=similar)
