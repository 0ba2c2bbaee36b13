"""The list of licences has every package that is installed."""

from tests.licences import ROOT, packages


def test_every_package_of_the_constraints_has_its_licence() -> None:
    listed = (ROOT / "docs" / "licences.md").read_text("utf-8")
    assert [package for package in packages() if f"| {package} |" not in listed] == []
    assert "not installed here" not in listed
