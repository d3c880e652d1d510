"""찾기용 지명: names by which people know a place, kept by the office, since no geocoder may be asked."""

from django.core.exceptions import ValidationError
from django.db import models

from cameras import geography
from cameras.enums import LandmarkKind
from casework.models.history import history_of


class Landmark(models.Model):
    """A station, market or administrative neighbourhood with its position (of an area: its middle)."""

    name = models.CharField("지명", max_length=60)
    other_names = models.CharField(
        "다른 이름",
        max_length=300,
        blank=True,
        help_text="사람들이 달리 부르는 이름이 있으면 쉼표로 나누어 적습니다. 예: 구청, Gangseo-gu Office",
    )
    kind = models.CharField("종류", max_length=10, choices=LandmarkKind)
    latitude = models.DecimalField("위도 (WGS84)", max_digits=9, decimal_places=6)
    longitude = models.DecimalField("경도 (WGS84)", max_digits=9, decimal_places=6)
    source = models.CharField(
        "출처",
        max_length=200,
        blank=True,
        help_text="위치를 어디에서 알았는지 적습니다. 예: 도로명주소 안내도",
    )

    history = history_of(excluded=[], no_index=[])

    class Meta:
        verbose_name = "찾기용 지명"
        verbose_name_plural = "찾기용 지명"
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "kind"],
                name="landmark_once",
                violation_error_message="같은 종류의 같은 지명이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.latitude is None or self.longitude is None:
            return
        if problem := geography.problem(self.latitude, self.longitude):
            raise ValidationError(" ".join(problem))

    @classmethod
    def points(cls) -> list[tuple[str, str, float, float]]:
        """For the map: kind, name, latitude, longitude."""
        rows = cls.objects.exclude(kind=LandmarkKind.POSTCODE).values_list(
            "kind", "name", "latitude", "longitude"
        )
        return [(kind, name, float(latitude), float(longitude)) for kind, name, latitude, longitude in rows]

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the other ones."""
        others = (name.strip() for name in self.other_names.split(","))
        return (self.name, *(name for name in others if name))
