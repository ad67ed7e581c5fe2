"""Alarms: every raid raises some, and most are raised for nothing."""

from datetime import timedelta

from truce.exercise._alarms import alarms_of_day
from truce.exercise._plane import gap_m
from truce.exercise._strikes import waves
from truce.exercise._towns import districts

_SEEDS = (1, 2, 3)


def test_every_raid_is_announced_near_its_target() -> None:
    """The people under it must have had some minutes."""
    for seed in _SEEDS:
        for day in range(10):
            alarms = [alarm for _, alarm in alarms_of_day(seed, day)]
            for wave in waves(seed, day):
                seats = {
                    district.name
                    for district in districts()
                    if gap_m(district.seat.spot, wave.site.spot) < 55_000.0
                }
                due = wave.arrives_at()
                assert any(
                    alarm.raion in seats
                    and timedelta(minutes=5)
                    < due - alarm.started_at
                    < timedelta(minutes=31)
                    for alarm in alarms
                ), wave


def test_most_alarms_are_for_nothing() -> None:
    """A siren is an alarm, not a strike: who counts sirens counts wrong."""
    for seed in _SEEDS:
        raised = raids = 0
        for day in range(10):
            raised += len(alarms_of_day(seed, day))
            raids += len(waves(seed, day))
        assert raised > 4 * raids
        assert raids >= 3


def test_alarms_name_areas_of_the_gazetteer_and_end() -> None:
    """A province alone, or a district of it, from a start to a later end."""
    names = {(d.seat.province, d.name) for d in districts()}
    for _, alarm in alarms_of_day(1, 4):
        province = alarm.oblast.removesuffix(" province")
        if alarm.level == "raion":
            assert (province, alarm.raion) in names
        else:
            assert alarm.raion == ""
            assert province in {name for name, _ in names}
        assert alarm.finished_at is not None
        assert alarm.finished_at > alarm.started_at
