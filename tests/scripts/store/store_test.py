"""The store: keys, resuming, refusal of what it does not know, private names kept out."""

import sqlite3

import pytest

from steplab_study.errors import StudyError
from steplab_study.store.store import FILE_NAME, SCHEMA_VERSION, Store, key_of


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


def test_keys_do_not_depend_on_order_and_differ_by_value():
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    assert key_of({"a": 1, "b": 2}) != key_of({"a": 1, "b": 3})


def test_a_result_is_found_by_its_whole_configuration(store):
    config = {"workload": "mlp", "lr": 0.1, "seed": 1}
    assert store.result(config) is None
    store.add_result(config, {"loss": 0.5}, 1.0)
    assert store.result(dict(reversed(config.items()))) == {"loss": 0.5}
    assert store.result({**config, "seed": 2}) is None


def test_the_same_configuration_has_one_row(store):
    for loss in (0.5, 0.4):
        store.add_result({"seed": 1}, {"loss": loss}, 1.0)
    assert store.result_count() == 1


def test_results_are_there_for_another_connection_after_a_commit(store, tmp_path):
    store.add_result({"seed": 1}, {"loss": 0.5}, 1.0)
    store.commit()
    other = Store.read(tmp_path)
    assert other.result({"seed": 1}) == {"loss": 0.5}
    other.close()


def test_a_finished_round_is_known_and_others_are_not(store):
    store.add_batch("key", 0, "bench_step", {}, {}, [("step/adam", {"ns_per_parameter": 1.0})])
    assert store.has_batch("key", 0)
    assert not store.has_batch("key", 1) and not store.has_batch("other", 0)
    assert store.cells("key") == [(0, "step/adam", {"ns_per_parameter": 1.0})]


def test_a_frozen_target_does_not_move(store):
    store.freeze("target of mlp/small", {"loss": 0.5})
    assert store.freeze("target of mlp/small", {"loss": 0.9}) == {"loss": 0.5}
    assert store.frozen("another") is None


def test_private_names_do_not_enter(store):
    run = store.begin_run("quick", ["step"], {}, {"cpu": "x", "host_name": "secret"})
    store.finish_run(run)
    store.add_result({"seed": 1}, {"executable": "/secret/path", "deep": [{"host_name": "secret"}]}, 1.0)
    assert store.runs()[0]["machine"] == {"cpu": "x"}
    assert store.result({"seed": 1}) == {"deep": [{}]}


def test_a_store_of_another_version_is_refused_and_left_as_it_is(store, tmp_path):
    store.close()
    path = tmp_path / FILE_NAME
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE meta SET value = '999' WHERE name = 'schema_version'")
    raw.close()
    before = path.read_bytes()
    for opener in (Store.open, Store.read):
        with pytest.raises(StudyError, match=f"version 999; this program reads version {SCHEMA_VERSION}"):
            opener(tmp_path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / FILE_NAME
    path.write_bytes(b"not a database, certainly not one of ours" * 20)
    before = path.read_bytes()
    with pytest.raises(StudyError, match="is not a results store"):
        Store.open(tmp_path)
    assert path.read_bytes() == before


def test_a_database_without_a_version_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.execute("CREATE TABLE other (x)")
    raw.close()
    with pytest.raises(StudyError, match="is not a results store|store version none"):
        Store.read(tmp_path)


def test_reading_needs_a_store(tmp_path):
    with pytest.raises(StudyError, match="it has no store.sqlite"):
        Store.read(tmp_path / "nowhere")
