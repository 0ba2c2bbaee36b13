"""The interpreter prints what CPython prints, or refuses with an InputError; whatever the text, and soon."""

import contextlib
import io
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from generators.errors import InputError
from generators.interpreter import MAX_STEPS, execute
from generators.syntax import MAX_CHARACTERS, MAX_DIGITS

RELEASED = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "zaremba_2014_programs.jsonl").read_text().splitlines()
]
SLIDES = {
    "j=8584\nfor x in range(8):\n    j+=920\nb=(1500+j)\nprint((b+7567))": "25011",
    "i=8827\nc=(i-5347)\nprint((c+8704) if 2641<8500 else\n      5308)": "12184",
}
LONGEST_RANGE = 10_000
MANY = settings.default.max_examples  # of the profile


class TooLongError(Exception):
    """CPython would take too many turns."""


def short_range(turns: int) -> range:
    if turns > LONGEST_RANGE:
        raise TooLongError
    return range(turns)


def cpython(text: str) -> str:
    """What CPython prints; only for texts that the interpreter has judged, so that this is safe and ends."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(text, {"range": short_range})
    return printed.getvalue().removesuffix("\n")


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        execute(text)
    return caught.value


def answer_or_refusal(text: str) -> str | InputError:
    try:
        return execute(text)
    except InputError as error:
        return error


def test_answers_the_released_programs() -> None:
    assert len(RELEASED) == 560
    assert [execute(row["input"]) + "." for row in RELEASED] == [row["target"] for row in RELEASED]
    assert [cpython(row["input"]) + "." for row in RELEASED] == [row["target"] for row in RELEASED]


@pytest.mark.parametrize("text", SLIDES)
def test_answers_the_lecture_slides(text: str) -> None:
    assert execute(text) == SLIDES[text] == cpython(text)


LEGAL = [
    "print(-3--4)",
    "print(2+3*-4-+5*6)",
    "print(00)",
    "print(a if 1>2 else 3)",  # as in CPython, what is not chosen may have no value
    "print(1 if 1<=1 else b)",
    "print(1 if 2>=3 else 2 if 3!=3 else 3 if (((1==1))) else 4)",
    "print(1+2 if (1+2)*(3)>8 else 4+5)",
    "print((1)if(2>1)else(3))",
    "a=1;b=2;print(a-b);",
    "a=1 ; b=2 ;\n\n  \t\nprint (a-b) ;\n\n",
    "a=1\r\nfor x in range(3):\r\n\ta+=x\r\n\r\nprint(a)\r\n",
    "a=0\nfor x in range(5):a+=x;b=a;a-=2;\nprint(a*b)",
    "a=0\nfor x in range(4):\n  a+=x\n  \n\n  b=a;c=b+x\n  a-=1\nprint(a+b*c)",
    "a=0\nfor x in range(4):\n\n\ta+=x\nprint(a)",
    "a=0\nfor x in range(4):a+=7\nprint(a+x)",
    "a=0\nfor x in range(4):a+=x\nprint(a+x)",
    "x=0\nfor x in range(4):x+=7\nprint(x)",
    "x=9\nfor x in range(-4):x+=7\nprint(x)",
    "for x in range(0):a+=b\nprint(5)",
    "n=4\nfor x in range(n):n+=n\nprint(n)",
    "n=4\nfor x in range(n):n-=1 if x>1 else 2\nprint(n)",
    "for x in range(\n3\n):a=(x\n+1)\nprint(\n\n(a))",
    "match=1;Range=2;print(match-Range)",
    "a=5;a+=a;a-=-a\nprint(a)",
]


@pytest.mark.parametrize("text", LEGAL)
def test_agrees_with_cpython(text: str) -> None:
    assert execute(text) == cpython(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a=1\nprint((a+bc))", 2, 10),
        ("a+=1\nprint(a)", 1, 1),
        ("for x in range(0):a=1\nprint(x)", 2, 7),
        ("for x in range(2):a=b\nprint(x)", 1, 21),
        ("print(1 if a>2 else 3)", 1, 12),
        ("print(1 if 1>2 else b)", 1, 21),
    ],
)
def test_refuses_a_variable_without_a_value(text: str, line: int, column: int) -> None:
    error = refusal(text)
    assert (error.line, error.column) == (line, column)
    assert "has none here" in error.message


def test_a_steady_loop_is_answered_at_once_however_long() -> None:
    start = "g=4420\nb=3\n"
    assert execute(start + f"for x in range({10**18}):g-=(10*(b-7))\nprint(g+x)") == str(
        4420 + 40 * 10**18 + 10**18 - 1
    )
    assert execute(start + f"for x in range(b*{10**18}):\n  g+=b\nprint(g)") == str(4420 + 9 * 10**18)


@pytest.mark.parametrize("body", ["g+=x", "g+=g", "x+=1", "g=1", "g+=1;b+=1", "g+=1 if x>2 else 3"])
def test_another_long_loop_is_refused_at_its_beginning(body: str) -> None:
    error = refusal(f"g=1;b=1\nfor x in range({10**18}):{body}\nprint(g)")
    assert (error.line, error.column) == (2, 1)
    assert str(MAX_STEPS) in error.message


def test_the_steps_of_all_loops_are_counted_together() -> None:
    turns = MAX_STEPS // 6  # g+=x is three tokens
    loop = f"for x in range({turns}):g+=x\n"
    assert execute(f"g=0\n{loop * 2}print(g)") == str(turns * (turns - 1))
    error = refusal(f"g=0\n{loop * 3}print(g)")
    assert (error.line, error.column) == (4, 1)


def test_values_are_as_long_as_allowed_and_no_longer() -> None:
    nines, half = "9" * MAX_DIGITS, "9" * (MAX_DIGITS // 2)
    assert execute(f"print({half}*{half})") == str(int(half) ** 2)
    assert execute(f"print(0-{nines})") == "-" + nines
    for text, column in [
        (f"print({nines}+1)", 7),
        (f"print(-{nines}-1)", 7),
        (f"print(1+{nines}*2)", 9),
        (f"a={nines};a+=1;print(a)", MAX_DIGITS + 4),
    ]:
        assert refusal(text).column == column
    error = refusal(f"a=1\nfor x in range({nines}):a+=10\nprint(a)")
    assert (error.line, error.column) == (2, len(f"for x in range({nines}):a"))
    assert error.message == f"expected values of at most {MAX_DIGITS} digits"


def test_long_flat_texts_are_answered() -> None:
    assert execute(f"print({'+'.join(['1'] * 40_000)})") == "40000"
    assert execute(f"print({'1*' * 40_000}7)") == "7"
    assert execute("a=1;" * 20_000 + "print(a)") == "1"
    assert execute("a=0\n" + "for x in range(3):a+=x\n" * 4000 + "print(a)") == "12000"


HOSTILE = {
    "opening parentheses": "(" * 10**5,
    "opening parentheses in print": ("print(" + "(" * 10**5)[:MAX_CHARACTERS],
    "closing parentheses": "print(1" + ")" * 90_000,
    "signs": "print(" + "-" * 90_000 + "1)",
    "conditionals": "print(" + "1 if 1>2 else " * 7000 + "1)",
    "conditions": "print(" + "1 if " * 18_000 + "1)",
    "a huge number": "print(" + "9" * 90_000 + ")",
    "a huge zero": "print(" + "0" * 90_000 + ")",
    "a name without end": "a" * 90_000,
    "spaces": " " * 10**5,
    "tabs and line ends": "\t\n" * 50_000,
    "line ends": "\n" * 10**5,
    "returns": "\r" * 10**5,
    "half line ends": " \r" * 50_000,
    "line ends in parentheses": "print(" + "\n" * 90_000,
    "NULs": "\0" * 10**5,
    "too many characters": "print(1)" + " " * 10**7,
    "squares": "a=9;" + "a=a*a;" * 10_000 + "print(a)",
    "product": "print(" + "9*" * 40_000 + "9)",
    "nested products": "print(" + "(9*" * 90 + "9" * 1950 + ")" * 90 + ")",
    "doubling": "v=1\nfor x in range(100000):v+=v\nprint(v)",
    "squaring": "v=9\nfor x in range(100000):v=v*v\nprint(v)",
    "great steady loop": "v=9\nfor x in range(" + "9" * 1990 + "):v+=" + "9" * 1990 + "\nprint(v)",
    "great loop": "v=9\nfor x in range(" + "9" * 1990 + "):v+=x\nprint(v)",
    "long body": "v=9\nfor x in range(100000):v=" + "+".join(["v"] * 40_000) + "\nprint(v)",
    "many loops": "v=9\n" + "for x in range(90000):v-=x\n" * 3000 + "print(v)",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_are_refused_in_seconds(kind: str) -> None:
    start = time.process_time()
    error = refusal(HOSTILE[kind])
    assert len(str(error)) < 500
    assert time.process_time() - start < 10


def test_the_dearest_legal_text_takes_seconds_at_most() -> None:
    great = "7" * (MAX_DIGITS // 2 - 2)
    body = "v=" + "+".join(["a*a"] * 1000)
    turns = MAX_STEPS // (4 * 1000 + 2)
    start = time.process_time()
    assert execute(f"a={great}\nfor x in range({turns}):{body}\nprint(v)") == str(1000 * int(great) ** 2)
    assert time.process_time() - start < 10


NAMES = st.sampled_from(["a", "b", "x", "Sum", "match"])
NUMBERS = st.one_of(st.integers(0, 12), st.integers(0, 10**20)).map(str)
SPACES = st.sampled_from(["", "", "", " ", "\t", "  "])
COMPARISONS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


@st.composite
def combined(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """Two expressions of lower rank than a conditional, or one with a sign or parentheses; spaced at random."""
    kind = draw(st.sampled_from(["pair", "pair", "parentheses", "sign", "conditional"]))
    space = draw(SPACES)
    if kind == "sign":
        return draw(st.sampled_from("+-")) + space + draw(inner)
    if kind == "conditional":
        return "(" + space + draw(conditional(inner)) + ")"
    pair = space.join([draw(inner), draw(st.sampled_from("+-*")), draw(inner)])
    return pair if kind == "pair" else f"({space}{pair}{draw(st.sampled_from(['', chr(10)]))})"


@st.composite
def conditional(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    condition = draw(SPACES).join([draw(inner), draw(COMPARISONS), draw(inner)])
    if draw(st.booleans()):
        condition = f"({condition})"
    otherwise = draw(conditional(inner)) if draw(st.integers(0, 4)) == 0 else draw(inner)
    return f"{draw(inner)} if {condition} else {otherwise}"


SUMS = st.recursive(NUMBERS | NAMES, combined, max_leaves=5)
VALUES = st.one_of(SUMS, SUMS, conditional(SUMS))


@st.composite
def assignments(draw: st.DrawFn) -> str:
    operators = st.sampled_from(["=", "+=", "-="])
    each = st.tuples(NAMES, SPACES, operators, SPACES, VALUES).map("".join)
    return draw(SPACES).join([";".join(draw(st.lists(each, min_size=1, max_size=2))), draw(st.sampled_from(["", ";"]))])


@st.composite
def loops(draw: st.DrawFn) -> str:
    header = f"for {draw(NAMES)} in range({draw(st.integers(-1, 9).map(str) | SUMS)}):"
    if draw(st.booleans()):
        return header + draw(SPACES) + draw(assignments())
    indentation = draw(st.sampled_from([" ", "    ", "\t"]))
    lines = [*draw(st.lists(assignments() | st.just(""), max_size=2)), draw(assignments())]
    return "\n".join([header, *(indentation + line for line in lines)])


@st.composite
def programs(draw: st.DrawFn) -> str:
    defined = [f"{name}={draw(NUMBERS)}" for name in draw(st.lists(NAMES, min_size=3, unique=True))]
    lines = defined + draw(st.lists(assignments() | loops() | st.just(""), max_size=4))
    ends = draw(st.sampled_from(["\n", "\n", "\r\n", " \n"]))
    return ends.join([*lines, f"print({draw(VALUES)})"]) + draw(st.sampled_from(["", "\n", ";", " \n\n"]))


@given(programs())
@settings(max_examples=3 * MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_programs_agree_with_cpython(text: str) -> None:
    answer = answer_or_refusal(text)
    if isinstance(answer, str):
        event("answered")
        with contextlib.suppress(TooLongError):
            assert answer == cpython(text)
    elif "has none here" in answer.message:
        event("a variable without a value")
        with pytest.raises((NameError, TooLongError)):
            cpython(text)
    else:  # CPython is not asked: it would square numbers until the memory is full
        event("beyond a limit")
        assert re.search(f"at most {MAX_DIGITS} digits|more than {MAX_STEPS}", answer.message)


def check_answer_or_refusal(text: str) -> None:
    """An answer must be CPython's; anything but an answer or an InputError is a failure."""
    answer = answer_or_refusal(text)
    if isinstance(answer, InputError):
        event("refused")
        lines = text.split("\n")
        assert 1 <= answer.line <= len(lines)
        assert 1 <= answer.column <= len(lines[answer.line - 1]) + 1
        assert str(answer).startswith(f"line {answer.line}, column {answer.column}: ")
    else:
        event("answered")
        with contextlib.suppress(TooLongError):
            assert answer == cpython(text)


@given(st.text(max_size=60) | st.text("print(1a)+-;\n ", max_size=30).map("print(1{})".format))
@settings(max_examples=6 * MANY, deadline=None)
def test_any_text_is_answered_or_refused(text: str) -> None:
    check_answer_or_refusal(text)


PIECES = [*"0123456789abx()+-*=<>!:;\n\t\r \"'#_.,\\/%[]\x00\x0cé１", "\r\n", "if", "else", " for ", "in", "print"]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text: str = draw(st.sampled_from([row["input"] for row in RELEASED] + 5 * LEGAL))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 3)))
        piece = draw(st.sampled_from(PIECES) | st.just("") | st.just(2 * text[start:end]))
        text = text[:start] + piece + text[end:]
    return text


@given(mutated())
@settings(max_examples=8 * MANY, deadline=None)
def test_mutated_programs_are_answered_as_by_cpython_or_refused(text: str) -> None:
    check_answer_or_refusal(text)
