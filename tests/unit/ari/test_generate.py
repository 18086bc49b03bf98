"""What is generated from API descriptions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.ari.generate import models_module, operations_module, read

SHELF = {
    "resourcePath": "/api-docs/shelves.{format}",
    "apis": [
        {
            "path": "/shelves/{shelfId}/class",
            "operations": [
                {
                    "httpMethod": "POST",
                    "nickname": "putBook",
                    "responseClass": "List[Shelf]",
                    "since": ["22.0.0"],
                    "parameters": [
                        {"name": "shelfId", "paramType": "path", "dataType": "string"},
                        {
                            "name": "from",
                            "paramType": "query",
                            "dataType": "string",
                            "required": True,
                            "allowMultiple": True,
                        },
                        {
                            "name": "side",
                            "paramType": "query",
                            "dataType": "string",
                            "allowableValues": {"valueType": "LIST", "values": ["l", "r"]},
                        },
                        {"name": "variables", "paramType": "body", "dataType": "containers"},
                    ],
                },
                {
                    "httpMethod": "GET",
                    "nickname": "watch",
                    "responseClass": "Message",
                    "upgrade": "websocket",
                },
            ],
        }
    ],
    "models": {
        "Message": {
            "properties": {"type": {"type": "string", "required": True}},
            "subTypes": ["ShelfFell"],
        },
        "ShelfFell": {"properties": {"shelf": {"type": "Shelf", "required": True}}},
        "Shelf": {
            "properties": {
                "class": {"type": "string", "required": True},
                "books": {"type": "List[string]", "required": True},
                "width": {"type": "double"},
            }
        },
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shelves.json").write_text(json.dumps(SHELF))
    (tmp_path / "resources.json").write_text("{}")
    return tmp_path


def test_an_event_is_a_frozen_struct_tagged_by_its_kind(folder: Path) -> None:
    text = models_module(read(folder))

    assert (
        'class ShelfFell(msgspec.Struct, frozen=True, kw_only=True, tag="ShelfFell", tag_field="type"):\n'
        "    shelf: Shelf\n"
    ) in text
    assert "AnyEvent = (\n    ShelfFell\n)" in text


def test_python_s_own_words_get_an_underscore_and_lists_may_be_left_out(folder: Path) -> None:
    assert (
        '    class_: str = msgspec.field(name="class")\n'
        "    books: list[str] = []\n"
        "    width: float | None = None\n"
    ) in models_module(read(folder))


def test_an_operation_is_a_method_with_what_may_be_left_out_as_keywords(folder: Path) -> None:
    assert operations_module(read(folder)).endswith('''\
    def put_book(
        self,
        shelf_id: str,
        from_: List[str],
        *,
        side: Literal["l", "r"] | None = None,
        variables: dict[str, Any] | None = None,
    ) -> Request[List[m.Shelf]]:
        """POST /shelves/{shelfId}/class (since 22.0.0)"""
        return Request(
            self._door,
            "POST",
            f"shelves/{part(shelf_id)}/class",
            {"from": from_, "side": side},
            None if variables is None else {"variables": variables},
            List[m.Shelf],
        )
''')


def test_a_folder_without_descriptions_is_refused_with_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="rest-api"):
        read(tmp_path)
