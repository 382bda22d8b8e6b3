"""Two people change one record: whether they met on one field, and what each of them wrote (V17, faults 73, 74)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from easir_tui.data.columns import opened
from easir_tui.data.models import Stored
from easir_tui.data.sqlite import rows
from easir_tui.errors import Conflict
from easir_tui.language import _


def refuse_clash(
    model: type[Stored],
    row_id: int,
    version: int,
    current: Mapping[str, Any],
    changed: Mapping[str, Any] | None,
) -> None:
    """Go on unless what was saved since `version` touches the same fields (all of them for a removal).

    Raises:
        Conflict: it does; it carries both versions, and who saved the other one and when.
    """
    entity = model._meta.table_name
    since = rows(
        "SELECT c.before, c.after, e.user_id, e.at, u.full_name FROM change c JOIN event e ON e.id = c.event_id "
        "LEFT JOIN app_user u ON u.id = e.user_id "
        "WHERE c.entity = ? AND c.row_id = ? AND c.version > ? ORDER BY c.id",
        entity, row_id, version,
    )  # fmt: skip
    original: dict[str, Any] = {}
    who, at = "", int(current["updated_at"])
    for before, after, _user, when, name in since:
        touched = json.loads(after or "{}")
        wanted = set(touched) if changed is None else set(touched) & set(changed)
        if wanted:
            earlier = json.loads(before or "{}")
            original = {field: earlier.get(field) for field in wanted} | original
            who, at = name or _("the program"), when
    if changed is not None:  # what was changed and changed back is what the editor saw
        original = {field: held for field, held in original.items() if current[field] != held}
    if not original:
        return
    mine = changed if changed is not None else dict.fromkeys(original)
    raise Conflict(
        _("{who} changed this while you were editing it.").format(who=who),
        hint=_("Choose for each field which of the two stays."),
        entity=entity,
        row_id=row_id,
        theirs=opened(model, {field: current[field] for field in original}),
        mine=opened(model, {field: mine[field] for field in original}),
        original=opened(model, original),
        who=who,
        at=at,
        version=int(current["version"]),
    )
