#!/usr/bin/env python3
"""Makes the schemas in src/test/resources/kubevirt.

KubeVirt and CDI publish their API as OpenAPI; the npm package @kubevirt-ui-ext/kubevirt-api has the
same as types of TypeScript, made from it. This makes JSON Schema of the types: every key that is not
there is an error, and so is a missing one that must be there. What the types do not say of values is
in values.schema.json, which is written by hand.

usage: npm pack @kubevirt-ui-ext/kubevirt-api@1.7.0; tar xf kubevirt-ui-ext-kubevirt-api-1.7.0.tgz
       src/test/kubevirt/make-schema.py package
"""
import json
import pathlib
import re
import sys

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "kubevirt"
SCALARS = {"string": "string", "number": "number", "boolean": "boolean", "Date": "string"}


class Types:
    """The interfaces and the constants of a file of types."""

    def __init__(self, path):
        text = re.sub(r"/\*\*.*?\*/", "", path.read_text(), flags=re.S)
        self.interfaces = dict(re.findall(r"^interface (\w+) \{\n(.*?)^\}", text, re.S | re.M))
        self.constants = {
            name: re.findall(r'[:=] "([^"]*)"', body)
            for name, body in re.findall(
                r"^declare (?:const|enum) (\w+Enum):? \{\n(.*?)^\}", text, re.S | re.M)
        }
        self.definitions = {}

    def fields(self, name):
        """Name, whether it may be missing, and type of each field."""
        field = r"^ {4}['\"]?([\w$.-]+)['\"]?(\??): (\{.*?^ {4}\}|[^\n]*?);$"
        return re.findall(field, self.interfaces[name], re.S | re.M)

    def schema(self, written):
        if written in SCALARS:
            return {"type": SCALARS[written]}
        if written == "object":
            return {"type": "object", "maxProperties": 0}
        if written.startswith("Array<"):
            return {"type": "array", "items": self.schema(written[6:-1])}
        entries = re.fullmatch(r"\{\s*\[key: string\]: (.*?);?\s*\}", written, re.S)
        if entries:
            return {"type": "object", "additionalProperties": self.schema(entries.group(1))}
        if written in self.constants:
            return {"enum": sorted(self.constants[written])}
        self.define(written)
        return {"$ref": "#/$defs/" + written}

    def define(self, name):
        if name in self.definitions:
            return
        definition = {"type": "object", "properties": {}, "additionalProperties": False}
        self.definitions[name] = definition
        required = []
        for field, optional, written in self.fields(name):
            if field == "status":
                continue  # The cluster's own.
            definition["properties"][field] = self.schema(written)
            if not optional:
                required.append(field)
        if required:
            definition["required"] = required


def main(package):
    for part, root, file in (
            ("kubevirt", "V1VirtualMachine", "virtualmachine"),
            ("containerized-data-importer", "V1beta1DataVolume", "datavolume")):
        types = Types(pathlib.Path(package) / "dist" / part / "index.d.ts")
        types.define(root)
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$comment": "Made by src/test/kubevirt/make-schema.py from the types of KubeVirt 1.7 "
                        "(@kubevirt-ui-ext/kubevirt-api 1.7.0, Apache-2.0); see README.md.",
            "$ref": "#/$defs/" + root,
            "$defs": dict(sorted(types.definitions.items())),
        }
        (OUT / (file + ".schema.json")).write_text(json.dumps(schema, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
