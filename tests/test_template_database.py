"""The kept database may never be older than what it was made from."""

from tests import imports, template_database


def relative(paths) -> set[str]:
    return {str(path.relative_to(imports.ROOT)) for path in paths}


def test_every_migration_model_seed_and_law_is_part_of_its_name():
    found = relative(template_database.files())
    ours = [imports.ROOT / app for app in imports.own_apps()]
    needed = {path for app in ours for path in (app / "migrations").glob("*.py")}
    needed |= {path for app in ours for path in [*app.glob("models.py"), *app.glob("models/*.py")]}
    needed |= {path for app in ours for path in [*app.glob("data/**/*.*"), *app.glob("apps.py")]}
    assert len(needed) > 80
    assert relative(needed) - found == set()
    assert {
        "accounts/roles.py",
        "ordinance/seeding.py",
        "ordinance/loading.py",
        "config/settings/base.py",
    } <= found


def test_who_is_told_of_a_migration_is_part_of_it_wherever_it_stands():
    assert {"accounts.roles", "ordinance.apps"} <= template_database.receivers()


def test_screens_are_not():
    """Or every day's work would begin with migrations."""
    assert not {path for path in relative(template_database.files()) if path.startswith("portal/views/")}


def test_a_changed_file_setting_or_day_gives_another_name(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(imports, "ROOT", tmp_path)
    law = tmp_path / "law.toml"
    monkeypatch.setattr(template_database, "files", lambda: [law])
    law.write_text("days = 30")
    names = [template_database.digest_of_origins()]
    assert template_database.digest_of_origins() == names[0]
    law.write_text("days = 31")
    names.append(template_database.digest_of_origins())
    settings.ORDINANCE_PROFILE = "mapo"
    names.append(template_database.digest_of_origins())
    surroundings = template_database.surroundings()
    monkeypatch.setattr(template_database, "surroundings", lambda: ["2030-01-01", *surroundings[1:]])
    names.append(template_database.digest_of_origins())
    assert len(set(names)) == len(names)
