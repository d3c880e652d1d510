from records.people import staff
from records.people.command import ImportCommand


class Command(ImportCommand):
    help = "인력 명단(사번, 성명, 구분, 소속, 계정, 시작일, 종료일, 주소)을 가져옵니다."
    name = "import_staff"
    import_file = staticmethod(staff.import_file)
