"""The plugin in a project of its own, as pytest finds it."""

from __future__ import annotations

import pytest


def test_it_is_found_and_its_fixtures_have_words(pytester: pytest.Pytester) -> None:
    shown = pytester.runpytest_subprocess("--fixtures", "-p", "no:cacheprovider")
    shown.stdout.fnmatch_lines(["agora_emulator*", "*A local Agora for this test*"])


def test_a_wrong_dialect_is_refused_by_name(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.agora_dialect("klingon")
        def test_it(agora):
            pass
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(
        ["*agora_dialect takes some of 'current', 'observed' and 'documented', not ('klingon',)*"]
    )


@pytest.mark.slow
def test_tests_in_parallel_do_not_meet(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test_it(agora, number):
            agora.projects.create(f"project-{number}")
            assert len(agora.projects.list()) == 2
        """
    )
    pytester.runpytest_subprocess("-n2", "-p", "no:cacheprovider").assert_outcomes(passed=6)


def test_what_a_test_left_running_does_not_reach_the_next(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from agora_rest import Agora

        left = []

        def test_one(agora_environment):
            client = Agora.from_env(permits=None, retries=0)
            client.projects.list()
            left.append(client)

        def test_between():
            try:
                left[0].projects.list()
            except Exception as error:
                assert "is over" in str(error)
            else:
                raise AssertionError("it was answered")
            left[0].close()
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist").assert_outcomes(passed=2)


def test_importing_it_loads_neither_client_nor_emulator(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it():
            assert not {name for name in sys.modules if name.startswith(("agora_rest.", "httpx", "uvicorn"))} - {
                "agora_rest.pytest_plugin"
            }
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:respx").assert_outcomes(
        passed=1
    )
