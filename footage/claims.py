"""A camera whose recording key changes keeps its claim to the footage under the former key."""

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.utils import timezone

from cameras.models import Camera
from footage.models import CameraClaim


def listen() -> None:
    pre_save.connect(_remember_key, sender=Camera, dispatch_uid="footage.claims.before")
    post_save.connect(_keep_former_key, sender=Camera, dispatch_uid="footage.claims.after")


def keep_former_key(camera: Camera, key: str) -> CameraClaim | None:
    """Claim what was recorded under `key` until now. For bulk changes, which send no signal."""
    if not key or key == camera.recording_key:
        return None
    return CameraClaim.objects.create(camera=camera, key=key, until_at=timezone.now(), is_former_key=True)


def _remember_key(sender: Any, instance: Camera, **kwargs: Any) -> None:
    fields = kwargs.get("update_fields")
    if instance.pk is None or (fields is not None and "recording_key" not in fields):
        return
    former = Camera.objects.filter(pk=instance.pk).values_list("recording_key", flat=True).first()
    instance._former_recording_key = former  # type: ignore[attr-defined]


def _keep_former_key(sender: Any, instance: Camera, created: bool, **kwargs: Any) -> None:
    former = instance.__dict__.pop("_former_recording_key", None)
    if former and not created:
        keep_former_key(instance, former)
