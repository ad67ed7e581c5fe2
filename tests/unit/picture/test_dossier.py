"""One incident with everything behind it."""

from dataclasses import replace

import pytest
from tests.unit.picture.invented_picture import NOW, InventedPicture

from truce.errors import InvalidQuery
from truce.incidents.model import Change
from truce.picture import AsOf, Dossier, dossier_of, picture_for, proof_for
from truce.record.merkle import leaf_hash, root_from_inclusion
from truce.record.note import checkpoint_from_note
from truce.release.gate import Gate
from truce.release.model import Reader

_KEY = b"an invented naming key"


def _dossier(source: InventedPicture, now: AsOf, reference: str) -> Dossier:
    return dossier_of(source, picture_for(source, Reader.MECHANISM, now), reference)


def test_it_holds_every_observation_once(source: InventedPicture, now: AsOf) -> None:
    """Whoever reads the evidence sees all of it, and each piece under one witness."""
    dossier = _dossier(source, now, "i-0008")
    shown = [o.id for w in dossier.witnesses for o in w.observations]
    incident = next(i for i in source.incidents(now) if i.id == "i-0008")
    assert shown == list(incident.observations)
    assert dossier.observation_count == len(shown)
    assert [o.id for o in dossier.contradictions] == list(incident.contradicted_by)
    assert dossier.history[0].change is Change.FORMED


def test_an_old_id_leads_to_where_it_lives_on(
    source: InventedPicture, now: AsOf
) -> None:
    """A printed report names an id that has merged since; the page still opens."""
    dossier = _dossier(source, now, "i-old-000")
    assert dossier.sight.reference == "i-0003"
    assert dossier.moved_from == "i-old-000"


def test_what_is_not_shown_and_what_is_not_there_sound_alike(
    source: InventedPicture, now: AsOf
) -> None:
    """The public asks for a withheld incident by its id, and for one that never was."""
    public = picture_for(source, Reader.PUBLIC, now)
    with pytest.raises(InvalidQuery) as real:
        dossier_of(source, public, "i-0008")
    with pytest.raises(InvalidQuery) as invented:
        dossier_of(source, public, "i-9999")
    assert str(real.value).replace("i-0008", "") == str(invented.value).replace(
        "i-9999", ""
    )


def test_an_empty_name_names_nothing(source: InventedPicture, now: AsOf) -> None:
    """Without a naming key the public's incidents all have the same empty name."""
    public = picture_for(source, Reader.PUBLIC, now)
    assert {sight.reference for sight in public.sights} == {""}
    with pytest.raises(InvalidQuery, match="is shown to PUBLIC"):
        dossier_of(source, public, "")


def test_others_are_given_no_evidence(source: InventedPicture, now: AsOf) -> None:
    """With a naming key the cell may open an incident, and finds no source in it."""
    gate = Gate(naming_key=_KEY)
    cell = picture_for(source, Reader.CELL, now, gate=gate)
    dossier = dossier_of(source, cell, cell.sights[0].reference)
    assert dossier.witnesses == ()
    assert dossier.contradictions == ()
    assert dossier.history == ()
    assert dossier.statements == ()
    assert dossier.sight.incident.withheld
    with pytest.raises(InvalidQuery, match="shows no evidence"):
        proof_for(source, dossier, Reader.CELL, 0)


def test_proofs_lead_to_the_checkpoint(source: InventedPicture, now: AsOf) -> None:
    """Each statement behind an incident is proven to stand in the log."""
    dossier = _dossier(source, now, "i-0003")
    assert dossier.statements
    for statement in dossier.statements:
        proof = proof_for(source, dossier, Reader.MECHANISM, statement)
        assert proof.entry is not None
        assert leaf_hash(proof.entry) == proof.leaf_hash
        root = root_from_inclusion(
            proof.leaf_hash, statement, proof.tree_size, proof.hashes
        )
        assert root == checkpoint_from_note(proof.checkpoint.encode()).root


def test_only_what_it_rests_on_is_proven(source: InventedPicture, now: AsOf) -> None:
    """Nobody may walk through the whole log by one incident's page."""
    dossier = _dossier(source, now, "i-0003")
    other = next(n for n in range(50) if n not in dossier.statements)
    with pytest.raises(InvalidQuery, match=f"no evidence from statement {other}"):
        proof_for(source, dossier, Reader.MECHANISM, other)


def test_history_ends_where_the_picture_does(source: InventedPicture) -> None:
    """Asked as of a past moment, a change that came later is not told."""
    full = AsOf(count=source.statement_count, instant=NOW)
    formed = _dossier(source, full, "i-0100").history[0].position
    then = AsOf(count=formed + 1, instant=source.sealed_at(formed), is_past=True)
    dossier = _dossier(source, then, "i-0100")
    assert all(line.position <= formed for line in dossier.history)
    before = AsOf(count=formed, instant=source.sealed_at(formed), is_past=True)
    with pytest.raises(InvalidQuery):
        _dossier(source, before, "i-0100")


def test_it_tells_which_incident_a_reason_is_about(
    source: InventedPicture, now: AsOf
) -> None:
    """A sentence about one howitzer stands on the pages of four incidents: each says
    whether it is the one. Readers without the sentence are pointed at nothing.
    """
    several = next(
        finding
        for finding in picture_for(source, Reader.MECHANISM, now).findings
        if len(finding.incidents) > 1
    )
    dossier = _dossier(source, now, several.incidents[1])
    (finding,) = dossier.findings
    assert dossier.speaks_of(finding) == several.incidents[0]
    assert dossier.speaks_of(replace(finding, reason_values=())) == ""
    assert dossier.speaks_of(replace(finding, incidents=())) == ""
