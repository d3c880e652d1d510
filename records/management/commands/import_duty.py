from records.people import duty
from records.people.command import ImportCommand


class Command(ImportCommand):
    help = "근무표(사번, 시작, 종료)를 가져옵니다."
    name = "import_duty"
    import_file = staticmethod(duty.import_file)
