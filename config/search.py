"""Wagtail's search, by looking for the words themselves: no index that set-up could forget, and parts of words are found.

Korean joins particles and words (보관기간, 청구서를), so an index of whole words does not find what people type. The
portal's lists and choosers hold some hundred titles; `website.page_search` reads the text of pages for citizens.
"""

from typing import Any

from modelsearch.backends.database.fallback import DatabaseSearchBackend, DatabaseSearchQueryCompiler
from modelsearch.query import PlainText, SearchQuery

# Each word is a condition; a database refuses thousands of them.
MOST_WORDS = 10


class FewWords(DatabaseSearchQueryCompiler):
    def build_database_filter(self, query: SearchQuery, boost: float = 1.0) -> Any:
        if isinstance(query, PlainText):
            words = query.query_string.split()[:MOST_WORDS]
            query = PlainText(" ".join(words), operator=query.operator, boost=query.boost)
        return super().build_database_filter(query, boost=boost)


class SearchBackend(DatabaseSearchBackend):
    query_compiler_class = FewWords
    autocomplete_query_compiler_class = FewWords
