"""Names that real recorders write (`owner/repository#issue`): what a template can say of them, and what it must not."""

import unicodedata
from datetime import datetime

import pytest

from footage.layouts import Layout, LayoutError
from footage.path_templates import MONTHS


@pytest.mark.parametrize(
    ("layout", "path", "camera", "start"),
    [
        pytest.param(
            "video/%Y%m%d/{path}_%Y%m%d_%H%M%S_UTC.mp4",
            "video/20240301/site/cam_1_20240301_010203_UTC.mp4",
            "site/cam_1",
            "2024-03-01T01:02:03+09:00",
            id="mediamtx#3183",
        ),
        pytest.param(
            "video/%Y%m%d/{path}_%Y%m%d_%H%M%S_UTC.mp4",
            "video/20240301/cam1_20240301_010203_UTC.mp4",
            "cam1",
            "2024-03-01T01:02:03+09:00",
            id="mediamtx#3183 without a slash",
        ),
        pytest.param(
            "recordings/{path}/%Y-%m-%d/%Y-%m-%d__%H-%M-%S.mp4",
            "recordings/site/1/2025-04-01/2025-04-01__10-20-30.mp4",
            "site/1",
            "2025-04-01T10:20:30+09:00",
            id="mediamtx#4449",
        ),
        # The same folder in another zone: nothing in the name says so (test_implausible, test_zones).
        pytest.param(
            "mediamtx",
            "recordings/yt/MfLG/2026-02-06_11-58-07-046000.mp4",
            "yt/MfLG",
            "2026-02-06T11:58:07.046+09:00",
            id="mediamtx#5451",
        ),
        pytest.param(
            "{camera}/%Y/%m/%d/%H-%M-%S-%Z.mp4",
            "c/2026/11/20/03-04-05-KST.mp4",
            "c",
            "2026-11-20T03:04:05+09:00",
            id="docker-wyze-bridge",
        ),
        pytest.param(
            "{camera}/%Y/%m/%d/%H-%M-%S-%Z.mp4",
            "c/2026/11/20/03-04-05-UTC.mp4",
            "c",
            "2026-11-20T03:04:05+00:00",
            id="docker-wyze-bridge UTC",
        ),
        pytest.param(
            "{camera}/record/%YY%mM%dD%HH/%MM%SS{any}.mp4",
            "rear/record/2022Y04M12D18H/22M37S23.mp4",
            "rear",
            "2022-04-12T18:22:37+09:00",
            id="yi-hack-MStar#436",
        ),
        pytest.param(
            "{camera}/%YY%mM%dD%HH/E{digit}%MM%SS{any}.mp4",
            "rear/2022Y04M12D18H/E009M00S60.mp4",
            "rear",
            "2022-04-12T18:09:00+09:00",
            id="yi-hack-Allwinner-v2#826",
        ),
        pytest.param(
            "{camera}_%Y%m%d%H%M%S_{any}.mp4",
            "front_door_20260514064829_20260514065329.mp4",
            "front_door",
            "2026-05-14T06:48:29+09:00",
            id="camera-gallery-card#141 reolink",
        ),
        pytest.param(
            "{camera}/%s-{any}.mp4",
            "c/1718870000-1718870060.mp4",
            "c",
            "2024-06-20T07:53:20+00:00",
            id="HomeAssistant-Tapo-Control#509",
        ),
        pytest.param(
            "{camera}/%Y-%m-%d/%H/%H.%M.%S-{any}[M][0@0][0].mp4",
            "c/2026-05-14/06/06.48.29-06.53.29[M][0@0][0].mp4",
            "c",
            "2026-05-14T06:48:29+09:00",
            id="camera-gallery-card#141 dahua",
        ),
        pytest.param(
            "{camera}/%Y-%m-%d/%H/%H.%M.%S-{rest}.mp4",
            "c/2026-05-14/06/06.48.29-06.53.29[R][0@0][0].mp4",
            "c",
            "2026-05-14T06:48:29+09:00",
            id="dahua, whatever the event",
        ),
        pytest.param(
            "{camera}_%s.ubv",
            "cam_1778741309123.ubv",
            "cam",
            "2026-05-14T06:48:29.123+00:00",
            id="camera-gallery-card#141 unifi",
        ),
        pytest.param(
            "{camera} - %m-%d-%Y, %I.%M.%S%p.mp4",
            "Gate - 11-20-2026, 03.04.05PM.mp4",
            "Gate",
            "2026-11-20T15:04:05+09:00",
            id="unifi-protect-video-downloader#14",
        ),
        pytest.param(
            "{camera} - %m-%d-%Y, %I.%M.%S%p.mp4",
            "Gate - 11-20-2026, 12.04.05am.mp4",
            "Gate",
            "2026-11-20T00:04:05+09:00",
            id="midnight by a 12-hour clock",
        ),
        pytest.param(
            "kerberos",
            "data/recordings/1718870000_3-967_gate_0-0-0-0_0_0_.mp4",
            "gate",
            "2024-06-20T07:53:20+00:00",
            id="kerberos, not finished",
        ),
        pytest.param(
            "{camera}/%F/%T.mp4",
            "c/2026-11-20/03:04:05.MP4",
            "c",
            "2026-11-20T03:04:05+09:00",
            id="F, T, MP4",
        ),
        pytest.param(
            "{camera}/%d %b %Y/%H%M.mp4",
            "c/20 Nov 2026/0304.mp4",
            "c",
            "2026-11-20T03:04:00+09:00",
            id="month's name",
        ),
        pytest.param(
            "{camera}/%Y-%-m-%-d/%-H_%-M_%-S.mp4",
            "c/2026-1-2/3_4_5.mp4",
            "c",
            "2026-01-02T03:04:05+09:00",
            id="without zeros",
        ),
        pytest.param(
            "{camera}/%Y-%m-%d_%H-%M-%S.%L.mp4",
            "c/2026-11-20_03-04-05.678.mp4",
            "c",
            "2026-11-20T03:04:05.678+09:00",
            id="milliseconds",
        ),
        pytest.param(
            "{camera}/%Y-%m-%d/%H-%M-%S.mp4",
            "c/2026-11-20/.03-04-05.mp4",
            "c",
            "2026-11-20T03:04:05+09:00",
            id="ZLMediaKit#679, hidden after a crash",
        ),
    ],
)
def test_reads_what_recorders_write(layout, path, camera, start):
    reading = Layout(layout, "Asia/Seoul").parse(path)
    assert reading is not None
    assert (reading.camera, reading.start) == (camera, datetime.fromisoformat(start))


@pytest.mark.parametrize(
    ("layout", "path"),
    [
        # Whose hour it is depends on who reads EST.
        ("{camera}/%Y/%m/%d/%H-%M-%S-%Z.mp4", "c/2026/11/20/03-04-05-EST.mp4"),
        ("{camera}/%Y%m%d %I%M%p.mp4", "c/20261120 1304PM.mp4"),
        ("{camera}/%Y%m%d %I%M%p.mp4", "c/20261120 0004AM.mp4"),
        ("{camera}/%d %b %Y.mp4", "c/20 Nuv 2026.mp4"),
        ("{camera}/%s.mp4", "c/177874130912.mp4"),
        ("{camera}/%Y-%-m-%-d.mp4", "c/2026-13-1.mp4"),
        ("{camera}_%Y%m%d_{any}.mp4", "c_20261120_.mp4"),
        ("{camera}_%Y%m%d_{any}.mp4", "c_20261120.mp4"),
        ("recordings/{path}/%Y-%m-%d/%H-%M-%S.mp4", "recordings/2026-11-20/03-04-05.mp4"),
        ("recordings/{path}/%Y-%m-%d/%H-%M-%S.mp4", "recordings/a/2026-11-20/b/03-04-05.mp4"),
        # A Mac's companion of a file, not the file.
        ("{camera}/%Y-%m-%d/%H-%M-%S.mp4", "c/2026-11-20/._03-04-05.mp4"),
        ("frigate", "recordings/2026-11-20/03/gate/.04.05.mp4"),
        ("kerberos", "data/recordings/1718870000_3-967_gate_0-0-0-0_0_0__.mp4"),
    ],
)
def test_does_not_read_what_means_two_things(layout, path):
    assert Layout(layout).parse(path) is None


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{camera}_%Y%m%d%H%M%S_%Y%m%d%H%M%S.mp4", "{any}"),
        ("{camera}/%s-%s.mp4", "{any}"),
        ("{camera}/%Y%m%d{any}.mp4", "구분 글자"),
        ("{camera}{any}_%Y%m%d.mp4", "구분 글자"),
        ("{camera}_{rest}_%Y%m%d.mp4", "rest"),
        ("{camera}_%Y%m%d_{rest}.mp4", "카메라와 {rest}"),
        ("{camera}/%Y%-m%d.mp4", "0이 없는"),
        ("{camera}/%Y-%-m1-%d.mp4", "0이 없는"),
        ("{camera}/%Y%m%d-%I.mp4", "함께"),
        ("{camera}/%Y%m%d-%H%p.mp4", "함께"),
        ("{camera}/%Y%m%d-%H-%I%p.mp4", "두 번"),
        ("{path}/{any}/%Y%m%d.mp4", "어디서 끝나는지"),
        ("{path}/video/%Y%m%d.mp4", "어디서 끝나는지"),
        ("%Y%m%d_{path}.mp4", "맨 앞"),
        ("{camera}/%Y%m%d_%Q.mp4", "%Q"),
    ],
)
def test_says_why_a_template_means_two_things(template, reason):
    with pytest.raises(LayoutError) as refused:
        Layout(template)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "template",
    [
        "{camera}/%F/%-H-%M-%S.%L.mp4",
        "{camera}/%d %b %Y, %I.%M.%S %p_{any}.mp4",
        "%Y%m%d/{path}_%H%M%S.mp4",
        "{path}/%Y-%m-%d/%H%M%S_%Z.mp4",
    ],
)
def test_new_codes_in_both_directions(template):
    layout = Layout(template)
    for month in range(1, len(MONTHS) + 1):
        for hour in (0, 9, 12, 23):
            start = datetime(2026, month, 3, hour, 4, 5, tzinfo=layout.zone)
            reading = layout.parse(layout.path("a/b" if "{path}" in template else "a", start))
            assert reading is not None
            assert (reading.camera, reading.start) == ("a/b" if "{path}" in template else "a", start)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_hangul_taken_apart_is_the_same_camera(form):
    """xpressengine#966, owncloud#21365."""
    path = unicodedata.normalize(form, "녹화/가양동 정문/2026-11-20.mp4")
    reading = Layout("녹화/{camera}/%Y-%m-%d.mp4").parse(path)
    assert reading is not None
    assert reading.camera == "가양동 정문"
