"""The shipped map of Ukraine in its internationally recognised borders."""

from importlib.resources import files


def shipped_base_map() -> bytes:
    """The packaged map as a GeoJSON FeatureCollection (WGS 84, longitude first)."""
    return (files("truce.gazetteer") / "data" / "ukraine.geojson").read_bytes()


__all__ = ["shipped_base_map"]
