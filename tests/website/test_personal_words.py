"""What is taken for a person's name in an opinion that will be published: what the text itself calls one, and no particle."""

from website import personal_words


def test_a_name_is_what_the_text_calls_one_and_no_particle():
    for text, found in {
        "제 이름은 김철수입니다": ["김철수"],
        "성명: 홍길동, 전화 010-1234-5678": ["홍길동", "010-1234-5678"],
        "이름이나 연락처가 없어도 됩니까": [],
        "이름까지 적게 하지 마십시오": [],
        "이름으로 찾지 못했습니다": [],
        "이름표가 떨어졌습니다": [],
    }.items():
        assert personal_words.found(text) == found, text
