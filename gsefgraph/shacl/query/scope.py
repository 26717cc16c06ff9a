# ruff: noqa: S608 - ids go into statements as numbers, texts through `values.quoted`
"""What the variables of one SELECT are in SQL, and the rows of `term` that its expressions need."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyoxigraph import Literal, NamedNode

from gsefgraph.rdf import lexical
from gsefgraph.shacl.query.facts import (
    BLANK,
    BOOLEAN,
    DECIMAL,
    DOUBLE,
    FLOAT,
    INTEGERS,
    LANGUAGE,
    MOMENTS,
    PLAIN,
    SCALE,
    SHIFT,
    STRING,
    WHOLE,
    Facts,
)
from gsefgraph.shacl.query.values import (
    Iri,
    Moment,
    NotTranslatable,
    Number,
    Term,
    Text,
    Truth,
    Value,
    quoted,
)
from gsefgraph.sparql.algebra import Exists
from gsefgraph.terms import XSD


class Scope:
    """The relation that an expression is about.

    Attributes:
        variables: the value of each variable in scope.
        exists: SQL of an EXISTS for a row of this relation.
        joins: what to join to the relation so that the expressions can be evaluated.
    """

    def __init__(
        self,
        variables: Mapping[str, Value],
        facts: Facts,
        exists: Callable[[Exists, Scope], str],
    ) -> None:
        self.variables = variables
        self.facts = facts
        self.exists = exists
        self._aliases: dict[str, str] = {}

    @property
    def joins(self) -> str:
        """SQL to write behind the relation."""
        return "".join(
            f" LEFT JOIN {self.facts.term_table} {alias} ON {alias}.id = {key}"
            for key, alias in self._aliases.items()
        )

    def term(self, key: str) -> Term:
        """The term with an id."""

        def look(column: str) -> str:
            alias = self._aliases.setdefault(key, f"l{len(self._aliases)}")
            return f"{alias}.{column}"

        return Term(key, look)

    def constant(self, term: NamedNode | Literal) -> Value:
        """The value of a constant.

        Errors:
            NotTranslatable: an ill-formed literal, or one of a datatype whose values are unknown.
        """
        if isinstance(term, NamedNode):
            return Iri(quoted(term.value), self.facts.id(term))
        if term.language is not None:
            return Text(quoted(term.value), quoted(term.language))
        datatype = term.datatype.value
        if datatype == f"{XSD}string":
            return Text(quoted(term.value))
        if lexical.fault(term) is not None:
            if (known := self.facts.id(term)) >= 0:
                return self.term(f"CAST({known} AS BIGINT)")
            raise NotTranslatable(f"the ill-formed literal {term}")
        if datatype == BOOLEAN:
            return Truth("TRUE" if term.value in ("true", "1") else "FALSE")
        if datatype in INTEGERS or datatype == DECIMAL:
            return _exact(term.value, integer=datatype in INTEGERS)
        name = datatype.removeprefix(XSD)
        if name in MOMENTS and datatype in PLAIN and _plain(term):
            return Moment(name, quoted(term.value))
        if (known := self.facts.id(term)) >= 0:
            return self.term(f"CAST({known} AS BIGINT)")
        raise NotTranslatable(f"the literal {term}")

    # What a term is -----------------------------------------------------------------------------

    def code(self, value: Term, *codes: int) -> str:
        """SQL of whether a term is of one of some codes."""
        if not codes:
            return "FALSE"
        listed = ", ".join(map(str, codes))
        return f"({value.id} >> {SHIFT}) {'=' if len(codes) == 1 else 'IN'} " + (
            listed if len(codes) == 1 else f"({listed})"
        )

    def well(self, value: Term, *codes: int) -> str:
        """SQL of whether a term is a well-formed literal of one of some codes."""
        test = self.code(value, *codes)
        if any(self.facts.ill(code) for code in codes):
            test += f" AND {value.id} NOT IN (SELECT id FROM {self.facts.ill_table})"
        return f"({test})"

    def text(self, value: Value) -> Text | None:
        """A value as a string with or without a language; NULL for a term that is neither."""
        if isinstance(value, Text):
            return value
        if isinstance(value, Term):
            lex = f"CASE WHEN {self.code(value, LANGUAGE, STRING)} THEN {value.look('lex')} END"
            return Text(lex, value.look("lang"))
        return None

    def number(self, value: Value) -> Number | None:
        """A value as a number; NULL for a term that is none.

        Errors:
            NotTranslatable: the data has numbers that SQL would change.
        """
        if isinstance(value, Number):
            return value
        if not isinstance(value, Term):
            return None
        facts = self.facts
        if FLOAT in facts.codes:
            raise NotTranslatable("xsd:float values, which SQL compares with less precision")
        integers = facts.among(INTEGERS)
        digits = [facts.plain(iri) for iri in (*sorted(INTEGERS), DECIMAL, DOUBLE)][:-1]
        whole, scale = (max(part) for part in zip(*digits, strict=True))
        decimals, doubles = facts.among([DECIMAL]), facts.among([DOUBLE])
        lex = value.look("lex")
        exact = approx = "NULL"
        if integers or decimals:
            wide = f"DECIMAL({whole + scale}, {scale})" if scale else "HUGEINT"
            well = self.well(value, *integers, *decimals)
            exact = f"CASE WHEN {well} THEN TRY_CAST({lex} AS {wide}) END"
        if doubles:
            approx = f"CASE WHEN {self.well(value, *doubles)} THEN TRY_CAST({lex} AS DOUBLE) END"
        if doubles:
            kind = "any" if integers or decimals else "double"
        else:
            kind = "exact" if decimals and integers else "decimal" if decimals else "integer"
        return Number(kind, exact, approx, whole, scale)  # type: ignore[arg-type]

    def truth(self, value: Value) -> Truth | None:
        """A value as a boolean; NULL for a term that is none."""
        if isinstance(value, Truth):
            return value
        if not isinstance(value, Term):
            return None
        codes = self.facts.among([BOOLEAN])
        if not codes:
            return Truth("CAST(NULL AS BOOLEAN)")
        lex = value.look("lex")
        return Truth(f"CASE WHEN {self.well(value, *codes)} THEN {lex} IN ('true', '1') END")

    def moment(self, value: Value, datatype: str) -> Moment | None:
        """A value as a date or time of one datatype; NULL for a term that is none."""
        name = datatype.removeprefix(XSD)
        if isinstance(value, Moment):
            return value if value.name == name else None
        code = self.facts.codes.get(datatype)
        if not isinstance(value, Term) or code is None:
            return None
        self.facts.plain(datatype)
        return Moment(name, f"CASE WHEN {self.well(value, code)} THEN {value.look('lex')} END")

    def lexical(self, value: Value) -> str:
        """SQL of STR: NULL for a blank node.

        Errors:
            NotTranslatable: a number whose form depends on the row.
        """
        match value:
            case Term():
                look = value.look("lex")
                return f"CASE WHEN {self.code(value, BLANK)} THEN NULL ELSE {look} END"
            case Text(sql) | Iri(sql) | Moment(_, sql):
                return sql
            case Truth(sql):
                return f"CASE WHEN {sql} THEN 'true' WHEN NOT ({sql}) THEN 'false' END"
            case Number("integer", exact):
                return f"CAST(CAST({exact} AS HUGEINT) AS VARCHAR)"
            case Number("decimal", exact, scale=scale):
                text = f"CAST({exact} AS VARCHAR)"
                return f"rtrim(rtrim({text}, '0'), '.')" if scale else text
        raise NotTranslatable("the text of a number whose datatype depends on the row")

    def effective(self, value: Value) -> str:
        """SQL of the effective boolean value (SPARQL 1.1, section 17.2.2)."""
        match value:
            case Truth(sql):
                return sql
            case Text(sql, lang):
                plain = f"{sql} <> ''"
                return plain if lang is None else f"CASE WHEN {lang} IS NULL THEN {plain} END"
            case Number("integer" | "decimal" | "exact", exact):
                return f"{exact} <> 0"
            case Number():
                return f"{value.double} <> 0"
            case Term():
                numbers = self.facts.among([*INTEGERS, DECIMAL, DOUBLE, FLOAT])
                branches = [(self.code(value, STRING), f"{value.look('lex')} <> ''")]
                if self.facts.among([BOOLEAN]):
                    truth = self.truth(value)
                    assert truth is not None  # noqa: S101 - a term may be one
                    branches.append((self.code(value, *self.facts.among([BOOLEAN])), truth.sql))
                if numbers:
                    number = self.number(value)
                    assert number is not None  # noqa: S101 - a term may be one
                    branches.append((self.code(value, *numbers), self.effective(number)))
                cases = " ".join(f"WHEN {test} THEN {then}" for test, then in branches)
                return f"CASE {cases} END"
        return "CAST(NULL AS BOOLEAN)"


def _exact(form: str, *, integer: bool) -> Number:
    whole, _, fraction = form.lstrip("+-").partition(".")
    sign = "-" if form.startswith("-") else ""
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    if len(whole) > WHOLE or len(fraction) > SCALE:
        raise NotTranslatable(f"the number {form}")
    if integer or not fraction:
        return Number("integer" if integer else "decimal", f"CAST({sign}{whole} AS HUGEINT)",
                      whole=len(whole))  # fmt: skip
    width = len(whole) + len(fraction)
    return Number("decimal", f"CAST('{sign}{whole}.{fraction}' AS DECIMAL({width},"
                  f" {len(fraction)}))", whole=len(whole), scale=len(fraction))  # fmt: skip


def _plain(term: Literal) -> bool:
    import re

    return re.fullmatch(PLAIN[term.datatype.value], term.value) is not None
