# SPDX-License-Identifier: MPL-2.0
"""Reads a grammar in ABNF (RFC 5234, RFC 7405) and says which texts it takes.

Each piece of a rule becomes a function from a text and a place to the set of places where it may end.
"""
import re

CORE = """
ALPHA = %x41-5A / %x61-7A
CR = %x0D
DIGIT = %x30-39
DQUOTE = %x22
HEXDIG = DIGIT / "A" / "B" / "C" / "D" / "E" / "F"
HTAB = %x09
LF = %x0A
OCTET = %x00-FF
SP = %x20
"""
TOKEN = re.compile(r'\s*(?:(%[si])?"([^"]*)"|%x([0-9A-F]+)((?:\.[0-9A-F]+)+|-[0-9A-F]+)?'
                   r'|(\d*\*\d*|\d+)|([A-Za-z][A-Za-z0-9-]*)|([()\[\]/]))')


def definitions(text):
    """Pairs of name and definition; `=/` adds an alternative."""
    out = {}
    lines = [re.sub(r';(?=(?:[^"]*"[^"]*")*[^"]*$).*', "", line).rstrip() for line in text.split("\n")]
    joined = re.sub(r"\n[ \t]+", " ", "\n".join(line for line in lines if line))
    for line in joined.strip().split("\n"):
        name, more, definition = re.fullmatch(r"([A-Za-z][A-Za-z0-9-]*)\s*=(/?)\s*(.*)", line).groups()
        if bool(more) != (name in out):
            raise ValueError(f"{name} is defined twice, or added to before it is there")
        out[name] = f"{out[name]} / {definition}" if more else definition
    return out


class Grammar:
    def __init__(self, text):
        self.own = definitions(text)
        self.source = {**definitions(CORE), **self.own}
        self.used, self.parsed = set(), {}
        for name in self.source:
            self.parsed[name] = self._alternatives(self._tokens(self.source[name]))

    @staticmethod
    def _tokens(text):
        out, at = [], 0
        while text[at:].strip():
            m = TOKEN.match(text, at)
            if not m:
                raise ValueError(f"cannot be read: {text[at:]}")
            out.append(m.groups())
            at = m.end()
        return out

    def _alternatives(self, tokens):
        ways = [self._sequence(tokens)]
        while tokens and tokens[0][6] == "/":
            tokens.pop(0)
            ways.append(self._sequence(tokens))
        return lambda text, at: set().union(*(way(text, at) for way in ways))

    def _sequence(self, tokens):
        parts = []
        while tokens and tokens[0][6] not in ("/", ")", "]"):
            parts.append(self._repeated(tokens))

        def run(text, at):
            places = {at}
            for part in parts:
                places = set().union(*(part(text, p) for p in places)) if places else places
            return places
        return run

    def _repeated(self, tokens):
        least, most = 1, 1
        if tokens[0][4]:
            count = tokens.pop(0)[4]
            low, star, high = count.partition("*")
            least = int(low or 0)
            most = int(high) if high else (10**9 if star else least)
        part = self._element(tokens)

        def run(text, at):
            out, places, n = ({at} if least == 0 else set()), {at}, 0
            while places and n < most:
                n += 1
                places = set().union(*(part(text, p) for p in places)) - (out if n > least else set())
                out |= places if n >= least else set()
            return out
        return run if (least, most) != (1, 1) else part

    def _element(self, tokens):
        how, string, low, rest, _, name, mark = tokens.pop(0)
        if mark in ("(", "["):
            inside = self._alternatives(tokens)
            if tokens.pop(0)[6] != {"(": ")", "[": "]"}[mark]:
                raise ValueError("a bracket is not closed")
            return inside if mark == "(" else lambda text, at: inside(text, at) | {at}
        if name:
            self.used.add(name)
            return lambda text, at: self._rule(name, text, at)
        if string is not None:
            return self._literal(string, how == "%s")
        if rest and rest[0] == "-":
            first, last = chr(int(low, 16)), chr(int(rest[1:], 16))
            return lambda text, at: {at + 1} if at < len(text) and first <= text[at] <= last else set()
        values = [low] + [x for x in (rest or "").split(".") if x]
        return self._literal("".join(chr(int(x, 16)) for x in values), True)

    @staticmethod
    def _literal(string, exact):
        n, lower = len(string), string.lower()
        if exact:
            return lambda text, at: {at + n} if text.startswith(string, at) else set()
        return lambda text, at: {at + n} if text[at:at + n].lower() == lower else set()

    def _rule(self, name, text, at):
        key = name, at
        if key not in self.memo:
            self.memo[key] = self.parsed[name](text, at)
        return self.memo[key]

    def takes(self, rule, text):
        """Whether RULE takes the whole of TEXT."""
        self.memo = {}
        return len(text) in self._rule(rule, text, 0)
