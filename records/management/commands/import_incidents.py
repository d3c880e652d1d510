from records.people import incidents
from records.people.command import ImportCommand


class Command(ImportCommand):
    help = "상황(사건번호, 인지시각, 카메라, 종류, 사번, 통보기관, 통보시각)을 가져옵니다."
    name = "import_incidents"
    import_file = staticmethod(incidents.import_file)
