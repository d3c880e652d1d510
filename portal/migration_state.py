"""The models as a step of a migration sees them, rendered again only where the step changed them.

After each step Django renders every model that has to do with the changed one, in either direction and over any number
of links. In this system these are nearly all, since everything points at the officer who did it: some 62,000 renders for
a new database, nine tenths of its time.

A rendered model is wrong when it itself has changed, or when it points at, or is derived from, one that was rendered
again: it would go on pointing at the class of before. So those are rendered again, over any number of links, and no others.
What a model is pointed at *by* is no reason: Django finds that out from all models that are registered, and registering
makes it look anew (`Apps.clear_cache`).

`migrate` uses this for a new database only. That it is the same database as Django's own is a test of `make soak`.
"""

from collections.abc import Iterable
from typing import Any

from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.utils import resolve_relation

Key = tuple[str, str]  # application and model, as in `ProjectState.models`


class SparingState(ProjectState):
    def __init__(self, models: Any = None, real_apps: Any = None) -> None:
        super().__init__(models, real_apps)
        self.pointing: dict[Key, frozenset[Key]] = {}
        self.is_borrowing = False

    def clone(self) -> "SparingState":
        """For the step that wants to know how it was before; whoever changes the copy needs models of its own first."""
        copy = SparingState(real_apps=self.real_apps)
        copy.models = {key: model.clone() for key, model in self.models.items()}
        copy.pointing = dict(self.pointing)
        if "apps" in self.__dict__:
            copy.apps, copy.is_borrowing = self.apps.clone(), True
        return copy

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        self.reload_models([(app_label, model_name)])

    def reload_models(self, models: Iterable[Key], delay: bool = True) -> None:
        changed = {(app, name.lower()) for app, name in models}
        for key, model in self.models.items():
            if key in changed or key not in self.pointing:
                self.pointing[key] = points_at(model)
        if self.is_borrowing:
            del self.apps
            self.is_borrowing = False
        if "apps" in self.__dict__:
            wrong = self._and_what_points_at(changed)
            self._reload(wrong | links_of(self.apps, wrong))

    def _and_what_points_at(self, changed: set[Key]) -> set[Key]:
        found, new = set(changed), set(changed)
        while new:
            new = {key for key, targets in self.pointing.items() if not targets.isdisjoint(new)} - found
            found |= new
        return found

    def alter_field(self, app_label: str, model_name: str, *args: Any, **options: Any) -> None:
        self._remember_who_points_at(app_label, model_name)
        super().alter_field(app_label, model_name, *args, **options)

    def rename_field(self, app_label: str, model_name: str, *args: Any) -> None:
        self._remember_who_points_at(app_label, model_name)
        super().rename_field(app_label, model_name, *args)

    def rename_model(self, app_label: str, old_name: str, new_name: str) -> None:
        self._remember_who_points_at(app_label, old_name)
        if "apps" in self.__dict__:
            old = app_label, old_name.lower()
            for key in links_of(self.apps, [old]) | {old}:
                self.apps.unregister_model(*key)
        super().rename_model(app_label, old_name, new_name)

    def _remember_who_points_at(self, app_label: str, model_name: str) -> None:
        """The step asks the model of before for these, whose table is changed along, when it is no longer registered."""
        if "apps" in self.__dict__:
            self.apps.get_model(app_label, model_name)._meta.get_fields(include_hidden=True)


def points_at(model: ModelState) -> frozenset[Key]:
    own = model.app_label, model.name_lower
    named: list[Any] = [base for base in model.bases if isinstance(base, str) or hasattr(base, "_meta")]
    for field in model.fields.values():
        if field.remote_field is not None:
            named += [field.remote_field.model, getattr(field.remote_field, "through", None)]
    return frozenset(resolve_relation(each, *own) for each in named if each is not None) - {own}


def links_of(apps: StateApps, models: Iterable[Key]) -> set[Key]:
    """The tables between two models that nobody named: they come with the model that has the field, or no longer."""
    found = set()
    for app, name in models:
        rendered = apps.all_models[app].get(name)
        for field in rendered._meta.local_many_to_many if rendered is not None else ():
            through = field.remote_field.through
            if through is not None and through._meta.auto_created:
                found.add((through._meta.app_label, through._meta.model_name))
    return found
