import type * as t from "@babel/types";
import type { MessageDeclaration } from "../../workspace-model/declarations.ts";
import type { ParsedSource } from "../../workspace-model/parsed-source.ts";
import { childrenOf, isThere } from "../../workspace-model/syntax.ts";
import { type BodyType, type Member, UNKNOWN, unionOf } from "../inference/body-type.ts";

/** Types that refer to each other further than this are taken as unknown: they may refer to themselves. */
const DEEPEST = 8;

/**
 * The type of a declared message's body, as far as it is written out in the file that declares it. Undefined where any part that is
 * required cannot be read there: a type of another module, a schema, a generic.
 */
export function declaredBody({ body }: MessageDeclaration, source: ParsedSource): BodyType | undefined {
  if (body?.kind !== "type" || body.place.uri !== source.uri) return undefined;
  const node = typeAt(source.program, body.place.start, body.place.end);
  if (node === undefined) return undefined;
  const type = new TypeReader(source.program).read(node, 0);
  return isWhole(type) ? type : undefined;
}

function typeAt(node: t.Node, start: number, end: number): t.TSType | undefined {
  if (node.start === start && node.end === end && node.type.startsWith("TS")) return node as t.TSType;
  for (const child of childrenOf(node)) {
    if ((child.start ?? 0) > start || (child.end ?? 0) < end) continue;
    const found = typeAt(child, start, end);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a value of it can be written down. */
function isWhole(type: BodyType): boolean {
  switch (type.kind) {
    case "unknown":
      return false;
    case "array":
      return true;
    case "object":
      return type.members.every(({ isOptional, type }) => isOptional || isWhole(type));
    case "union":
      return type.of.every(isWhole);
    default:
      return true;
  }
}

type Declared = t.TSInterfaceDeclaration | t.TSTypeAliasDeclaration;

class TypeReader {
  readonly #declared = new Map<string, Declared>();

  constructor({ body }: t.Program) {
    for (const statement of body) {
      const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
      if (declared?.type === "TSInterfaceDeclaration" || declared?.type === "TSTypeAliasDeclaration")
        if (!isThere(declared.typeParameters)) this.#declared.set(declared.id.name, declared);
    }
  }

  read(node: t.Node, depth: number): BodyType {
    if (depth > DEEPEST) return UNKNOWN;
    switch (node.type) {
      case "TSParenthesizedType":
        return this.read(node.typeAnnotation, depth);
      case "TSTypeOperator":
        return node.operator === "readonly" ? this.read(node.typeAnnotation, depth) : UNKNOWN;
      case "TSStringKeyword":
        return { kind: "string" };
      case "TSNumberKeyword":
        return { kind: "number", isInexact: false };
      case "TSBooleanKeyword":
        return { kind: "boolean" };
      case "TSNullKeyword":
        return { kind: "null" };
      case "TSLiteralType":
        return node.literal.type === "StringLiteral" ? { kind: "literals", values: [node.literal.value] } : UNKNOWN;
      case "TSArrayType":
        return this.#array(node.elementType, depth);
      case "TSUnionType":
        return this.#union(node.types.map((one) => this.read(one, depth + 1)));
      case "TSIntersectionType":
        return this.#merged(node.types.map((one) => this.read(one, depth + 1)));
      case "TSTypeLiteral":
        return this.#object(node.members, depth);
      case "TSTypeReference":
        return this.#named(node, depth);
      default:
        return UNKNOWN;
    }
  }

  #named({ typeName, typeArguments }: t.TSTypeReference, depth: number): BodyType {
    if (typeName.type !== "Identifier") return UNKNOWN;
    const [first, second] = typeArguments?.params ?? [];
    const { name } = typeName;
    if (first !== undefined && (name === "Array" || name === "ReadonlyArray")) return this.#array(first, depth);
    if (first !== undefined && name === "Readonly") return this.read(first, depth);
    if (second !== undefined && name === "Record") return { kind: "record", value: this.read(second, depth + 1) };
    const declared = first === undefined ? this.#declared.get(name) : undefined;
    if (declared === undefined) return name === "Uint8Array" ? { kind: "bytes" } : UNKNOWN;
    return this.#declaredAs(declared, depth);
  }

  #declaredAs(declared: Declared, depth: number): BodyType {
    if (declared.type === "TSTypeAliasDeclaration") return this.read(declared.typeAnnotation, depth + 1);
    if (depth > DEEPEST) return UNKNOWN;
    const bases = (declared.extends ?? []).map((base) => {
      const expression = "expression" in base ? base.expression : undefined;
      const known = expression?.type === "Identifier" ? this.#declared.get(expression.name) : undefined;
      return known === undefined ? UNKNOWN : this.#declaredAs(known, depth + 1);
    });
    return this.#merged([...bases, this.#object(declared.body.body, depth)]);
  }

  /** Of what cannot be written down an empty array can. */
  #array(of: t.Node, depth: number): BodyType {
    const element = this.read(of, depth + 1);
    return { kind: "array", element: isWhole(element) ? element : UNKNOWN };
  }

  #object(members: readonly t.Node[], depth: number): BodyType {
    const read: Member[] = [];
    for (const member of members) {
      if (member.type !== "TSPropertySignature" || member.computed === true) return UNKNOWN;
      const name =
        member.key.type === "Identifier"
          ? member.key.name
          : member.key.type === "StringLiteral"
            ? member.key.value
            : undefined;
      if (name === undefined) return UNKNOWN;
      const type = isThere(member.typeAnnotation)
        ? this.read(member.typeAnnotation.typeAnnotation, depth + 1)
        : UNKNOWN;
      read.push({ name, type, isOptional: member.optional === true });
    }
    return { kind: "object", members: read };
  }

  /** All members of all of them; later ones narrow earlier ones. */
  #merged(types: readonly BodyType[]): BodyType {
    const [first, ...others] = types;
    if (first !== undefined && others.length === 0) return first;
    const members = new Map<string, Member>();
    for (const type of types) {
      if (type.kind !== "object") return UNKNOWN;
      for (const member of type.members) members.set(member.name, member);
    }
    return { kind: "object", members: [...members.values()] };
  }

  #union(types: readonly BodyType[]): BodyType {
    if (types.some(({ kind }) => kind === "unknown")) return UNKNOWN;
    const literals = types.flatMap((type) => (type.kind === "literals" ? type.values : []));
    const others = types.flatMap((type) => (type.kind === "literals" ? [] : type.kind === "union" ? type.of : [type]));
    return unionOf([...(literals.length === 0 ? [] : [{ kind: "literals" as const, values: literals }]), ...others]);
  }
}
