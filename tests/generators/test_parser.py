"""What the parser refuses, with the exact place and words, and what it accepts up to its limits."""

import itertools

import pytest

from generators.errors import InputError
from generators.interpreter import execute
from generators.parser import parse
from generators.syntax import MAX_CHARACTERS, MAX_DEPTH, MAX_DIGITS

OPERAND = "expected a number, a variable or '(' but found"
OPERATOR = "expected one of + - * or a ')' but found"
NESTED_LOOP = "but found 'for' (loops cannot be nested, and each begins a line of its own)"
NOT_A_NUMBER = "expected a number: a comparison is only legal as a condition, as in (1 if a>b else 2)"
NO_DIVISION = "(the language has no division)"
NOT_WHOLE = "(a number is whole and written in digits only)"
LACKS_WORD = "(a word of Python that the language lacks)"

REFUSED = [
    ("", 1, 1, "expected print(...) as the last statement but found the end of the text"),
    ("a=1\n", 2, 1, "expected print(...) as the last statement but found the end of the text"),
    ("a=1;", 1, 5, "expected print(...) as the last statement but found the end of the text"),
    ("print()", 1, 7, f"{OPERAND} ')'"),
    ("print(2+)", 1, 9, f"{OPERAND} ')'"),
    ("print((3*/4))", 1, 10, f"{OPERAND} '/' {NO_DIVISION}"),
    ("a=5\nprint((3**4))", 2, 9, f"{OPERATOR} '**' (the language has no powers)"),
    ("print(3//4)", 1, 8, f"{OPERATOR} '//' {NO_DIVISION}"),
    ("print(3%4)", 1, 8, f"{OPERATOR} '%' {NO_DIVISION}"),
    ("print(1.5)", 1, 7, f"{OPERAND} '1.5' {NOT_WHOLE}"),
    ("print(1_000)", 1, 7, f"{OPERAND} '1_000' {NOT_WHOLE}"),
    ("print(0x10)", 1, 7, f"{OPERAND} '0x10' {NOT_WHOLE}"),
    ("print(.5)", 1, 7, f"{OPERAND} '.' (the language has whole numbers only)"),
    ("print(12+007)", 1, 10, "expected a number without leading zeros"),
    ("print('a')", 1, 7, f'{OPERAND} "\'" (the language has no strings)'),
    ("print(1,2)", 1, 8, f"{OPERATOR} ',' (print and range take one value)"),
    ("print(1)#", 1, 9, "expected the end of the text but found '#' (the language has no comments)"),
    ("print(True)", 1, 7, f"{OPERAND} 'True' {LACKS_WORD}"),
    ("print(print)", 1, 7, f"{OPERAND} 'print' (print(...) is the last statement, outside loops)"),
    ("print(a b)", 1, 9, f"{OPERATOR} 'b'"),
    ("print 1", 1, 7, "expected '(' but found '1'"),
    ("print(1", 1, 8, f"{OPERATOR} the end of the text"),
    ("print(1))", 1, 9, "expected the end of the text but found ')'"),
    ("print(1)+2", 1, 9, "expected the end of the text but found '+'"),
    ("print(1);;", 1, 10, "expected the end of the text but found ';'"),
    (
        "print(1)\nprint(2)",
        2,
        1,
        "expected the end of the text but found 'print' (print(...) is the last statement, outside loops)",
    ),
    (
        "a=(1\nprint(2)",
        2,
        1,
        "expected one of + - * or a ')' for the '(' in line 1, column 3, but found 'print' "
        "(print(...) is the last statement, outside loops)",
    ),
    ("a=1 b=2", 1, 5, "expected a new line, ';' or one of + - * but found 'b'"),
    (
        "a=1\\\nprint(1)",
        1,
        4,
        "expected a new line, ';' or one of + - * but found '\\\\' (a line may be continued inside parentheses only)",
    ),
    ("a==1", 1, 2, "expected '=', '+=' or '-=' but found '=='"),
    ("a*=2", 1, 2, "expected '=', '+=' or '-=' but found '*=' (the only augmented assignments are += and -=)"),
    ("a+ =2", 1, 2, "expected '=', '+=' or '-=' but found '+'"),
    ("a1=2", 1, 1, "expected an assignment or print(...) but found 'a1' (a name has letters only)"),
    (";", 1, 1, "expected an assignment or print(...) but found ';'"),
    ("while 1:a=1", 1, 1, f"expected an assignment or print(...) but found 'while' {LACKS_WORD}"),
    ("a=1;for x in range(3):a+=1", 1, 5, f"expected an assignment or print(...) {NESTED_LOOP}"),
    ("for x in range(3):for y in range(3):a+=1", 1, 19, f"expected an assignment {NESTED_LOOP}"),
    ("for x in range(3):\n a=1\n for y in range(3):a+=1", 3, 2, f"expected an assignment {NESTED_LOOP}"),
    (
        "for x in range(2):a=1;print(1)",
        1,
        23,
        "expected a new line but found 'print' (print(...) is the last statement, outside loops)",
    ),
    ("for x in range(3):", 1, 19, "expected an assignment but found the end of the text"),
    (
        "for x in range(3):\nprint(1)",
        1,
        19,
        "expected an assignment, here or on an indented line, but found the end of the line",
    ),
    ("for range in range(3):", 1, 5, "expected a variable but found 'range'"),
    ("for x on range(3):", 1, 7, "expected 'in' but found 'on'"),
    ("for x in (3):", 1, 10, "expected 'range' but found '('"),
    ("for x in range(3) a=1", 1, 19, "expected ':' but found 'a'"),
    ("for x in range(1,3):a=1", 1, 17, f"{OPERATOR} ',' (print and range take one value)"),
    ("  print(1)", 1, 3, "expected no indentation here"),
    ("for x in range(2):a=1\n b=1\nprint(1)", 2, 2, "expected no indentation here"),
    ("for x in range(2):\n a=1\n\ta=2\nprint(1)", 3, 2, "expected the same indentation as in the line before"),
    ("for x in range(2):\n  a=1\n a=2\nprint(1)", 3, 2, "expected the same indentation as in the line before"),
    ("print(1<2)", 1, 8, NOT_A_NUMBER),
    ("a=2>1", 1, 4, NOT_A_NUMBER),
    ("print((1>2)*3)", 1, 9, NOT_A_NUMBER),
    ("print(3+(1>2))", 1, 11, NOT_A_NUMBER),
    ("print(-(1>2))", 1, 10, NOT_A_NUMBER),
    ("print(1 if (1>2)==(2>1) else 2)", 1, 14, NOT_A_NUMBER),
    ("print((1>2) if 1>2 else 3)", 1, 9, NOT_A_NUMBER),
    ("print(3 if 1>2 else 1!=2)", 1, 22, NOT_A_NUMBER),
    ("for x in range(1>2):a=1", 1, 17, NOT_A_NUMBER),
    ("print(1 if 5 else 2)", 1, 14, "expected a comparison, as in a>b, but found 'else'"),
    ("print(1 if 1<2<3 else 2)", 1, 15, "expected a single comparison, not a chain of them"),
    ("print(1 if 2>1)", 1, 15, "expected 'else' but found ')'"),
    ("print(1 if 2>1 and 3>2 else 4)", 1, 16, f"expected 'else' but found 'and' {LACKS_WORD}"),
    ("print(1if 2>1 else 3)", 1, 7, f"{OPERAND} '1if' {NOT_WHOLE}"),
    ("print(１)", 1, 7, "expected ASCII characters only but found '１' (U+FF11)"),
    ("a=1\né=2", 2, 1, "expected ASCII characters only but found 'é' (U+00E9)"),
    ("print(1)\u00a0", 1, 9, "expected ASCII characters only but found '\\xa0' (U+00A0)"),
    ("\ud800", 1, 1, "expected ASCII characters only but found '\\ud800' (U+D800)"),
    ("print(1\x00)", 1, 8, f"{OPERATOR} '\\x00'"),
    ("a=1\x0c\nprint(1)", 1, 4, "expected a new line, ';' or one of + - * but found '\\x0c'"),
    ("a=(1\x0c)\nprint(1)", 1, 5, f"{OPERATOR} '\\x0c'"),
    ("a=1\rprint(1)", 1, 4, "expected a new line, ';' or one of + - * but found '\\r'"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), REFUSED)
def test_refuses_with_the_place_and_what_was_expected(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column, caught.value.message) == (line, column, message)
    assert caught.value.text == text


def test_a_long_token_is_quoted_in_part() -> None:
    with pytest.raises(InputError, match=r"but found '[0-9a]{35}\.\.\.' \(a number is") as caught:
        parse("print(" + "1a" * 10_000 + ")")
    assert len(str(caught.value)) < 300


NESTS = {
    "parentheses": ("(", "1", ")"),
    "signs": ("-", "1", ""),
    "sums": ("1+(", "1", ")"),
    "products": ("1+2*(", "1", ")"),
    "negated": ("3-2*-(", "1", ")"),
    "otherwise": ("1 if 1>2 else ", "1", ""),
    "chosen": ("(", "1", " if 2>1 else 1)"),
    "left of a condition": ("(1 if (", "1", ")>2 else 3)"),
    "right of a condition": ("(1 if 2>1+2*(", "1", ") else 3)"),
}


def is_answered(text: str, frames: int) -> bool:
    """Whether the text is answered, so many frames down the stack, or refused."""
    if frames:
        return is_answered(text, frames - 1)
    try:
        execute(text)
    except InputError:
        return False
    return True


@pytest.mark.parametrize("kind", NESTS)
def test_nests_to_the_limit_also_far_down_the_stack_and_no_deeper(kind: str) -> None:
    before, inside, after = NESTS[kind]
    texts = [f"print({before * depth}{inside}{after * depth})" for depth in range(2 * MAX_DEPTH)]
    answered = list(itertools.takewhile(lambda text: is_answered(text, frames=300), texts))
    assert len(answered) > MAX_DEPTH / 3
    assert execute(answered[-1]) == str(eval(answered[-1].removeprefix("print")))
    with pytest.raises(InputError, match=f"nested at most {MAX_DEPTH} deep"):
        execute(texts[len(answered)])


@pytest.mark.parametrize("kind", NESTS)
def test_nesting_without_end_is_refused(kind: str) -> None:
    before, inside, after = NESTS[kind]
    for text in (before * 5000, f"print({before * 5000}{inside}{after * 5000})"):
        with pytest.raises(InputError):
            parse(text)


def test_as_many_characters_as_allowed_and_no_more() -> None:
    text = "print(1)".ljust(MAX_CHARACTERS)
    assert execute(text) == "1"
    with pytest.raises(InputError, match=rf"^line 1, column {MAX_CHARACTERS + 1}: the text is longer than"):
        parse(text + " ")
    with pytest.raises(InputError, match=r"^line 50001, column 1: the text is longer than"):
        parse("\r\n" * MAX_CHARACTERS)


def test_as_many_digits_as_allowed_and_no_more() -> None:
    assert execute(f"print(-{'9' * MAX_DIGITS})") == "-" + "9" * MAX_DIGITS
    with pytest.raises(InputError, match=rf"column 7: expected a number of at most {MAX_DIGITS} digits"):
        parse(f"print({'9' * (MAX_DIGITS + 1)})")
