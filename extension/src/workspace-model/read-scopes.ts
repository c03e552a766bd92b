import type * as t from "@babel/types";
import type { ExportEntry, ParsedSource } from "./parsed-source.ts";
import { type Binding, Scope } from "./scope.ts";
import { bare, childrenOf, type FunctionNode, isFunction, isThere, memberName, propertyName } from "./syntax.ts";

type Found = Pick<ParsedSource, "scope" | "scopes" | "exports" | "exportsAllOf" | "calls" | "names">;

const BLOCKS: ReadonlySet<string> = new Set([
  "BlockStatement",
  "StaticBlock",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "SwitchStatement",
  "CatchClause",
  "ClassMethod",
  "ClassPrivateMethod",
  "TSModuleBlock",
]);

/** Finds what names of a source stand for, and what it offers to others. */
export function readScopes(uri: string, program: t.Program): Found {
  const scope = new Scope(uri, undefined);
  const scopes = new Map<t.Node, Scope>([[program, scope]]);
  const exports = new Map<string, ExportEntry>();
  const exportsAllOf: string[] = [];
  const calls: { readonly node: t.CallExpression; readonly scope: Scope }[] = [];
  const names = new Map<t.Node, string>();
  const changed: (readonly [Scope, string])[] = [];

  const name = (node: t.Node | null | undefined, text: string): void => {
    if (isThere(node)) names.set("expression" in node && isExpression(node) ? bare(node) : node, text);
  };

  function visit(node: t.Node, outer: Scope): void {
    const inner = isFunction(node) || BLOCKS.has(node.type) ? new Scope(uri, outer) : outer;
    if (inner !== outer) scopes.set(node, inner);
    switch (node.type) {
      case "ImportDeclaration":
        for (const one of node.specifiers) outer.declare(one.local.name, imported(node.source.value, one));
        return;
      case "ExportAllDeclaration":
        exportsAllOf.push(node.source.value);
        return;
      case "ExportNamedDeclaration":
        readExports(node);
        break;
      case "ExportDefaultDeclaration":
        if (isExpression(node.declaration)) exports.set("default", { kind: "expression", value: node.declaration });
        else if ("id" in node.declaration && isThere(node.declaration.id))
          exports.set("default", { kind: "local", name: node.declaration.id.name });
        break;
      case "TSExportAssignment":
        exports.set("default", { kind: "expression", value: node.expression });
        break;
      case "VariableDeclaration":
        for (const { id, init } of node.declarations) {
          if (id.type === "Identifier") name(init, id.name);
          if (id.type !== "VoidPattern") declare(outer, id, init ?? undefined);
        }
        break;
      case "FunctionDeclaration":
        if (isThere(node.id)) outer.declare(node.id.name, { kind: "function", node });
        break;
      case "ClassDeclaration":
        if (isThere(node.id)) outer.declare(node.id.name, { kind: "changing" });
        break;
      case "TSEnumDeclaration":
        outer.declare(node.id.name, { kind: "enumeration", node });
        break;
      case "ObjectProperty":
        if (isExpression(node.value)) name(node.value, propertyName(node) ?? "");
        break;
      case "ClassProperty":
        if (node.key.type === "Identifier") name(node.value, node.key.name);
        break;
      case "CallExpression":
        calls.push({ node, scope: outer });
        break;
      case "AssignmentExpression":
        assign(outer, node);
        break;
      case "UpdateExpression":
        change(outer, node.argument);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        if (node.left.type !== "VariableDeclaration") change(outer, node.left);
        break;
      default:
    }
    if (isFunction(node)) declareParameters(inner, node);
    for (const child of childrenOf(node)) visit(child, inner);
  }

  function readExports(node: t.ExportNamedDeclaration): void {
    const module = node.source?.value;
    for (const one of node.specifiers) {
      if (one.type === "ExportNamespaceSpecifier") {
        if (module !== undefined) exports.set(textOf(one.exported), { kind: "from", module, name: "*" });
      } else if (one.type === "ExportSpecifier") {
        const local = textOf(one.local);
        exports.set(
          textOf(one.exported),
          module === undefined ? { kind: "local", name: local } : { kind: "from", module, name: local },
        );
      }
    }
    const { declaration } = node;
    if (!isThere(declaration)) return;
    if (declaration.type === "VariableDeclaration") {
      for (const { id } of declaration.declarations) {
        for (const local of namesIn(id)) exports.set(local, { kind: "local", name: local });
      }
    } else if ("id" in declaration && declaration.id?.type === "Identifier") {
      exports.set(declaration.id.name, { kind: "local", name: declaration.id.name });
    }
  }

  /** `module.exports = …` and `exports.name = …` offer; anything else that is assigned to changes. */
  function assign(scope: Scope, { left, right, operator }: t.AssignmentExpression): void {
    const path = left.type === "MemberExpression" ? pathOf(left) : undefined;
    if (operator === "=" && (path === "module.exports" || path === "exports")) {
      exports.set("default", { kind: "expression", value: right });
      exports.set("module.exports", { kind: "expression", value: right });
    } else if (operator === "=" && path !== undefined && /^(?:module\.)?exports\.\w+$/.test(path)) {
      const exported = path.replace(/^.*\./, "");
      name(right, exported);
      exports.set(exported, { kind: "expression", value: right });
    } else change(scope, left);
  }

  /** A variable that is given anew, or whose members are. */
  function change(scope: Scope, target: t.Node): void {
    let root = target;
    while (root.type === "MemberExpression" || root.type === "OptionalMemberExpression") root = root.object;
    for (const one of namesIn(root)) changed.push([scope, one]);
  }

  visit(program, scope);
  for (const [where, one] of changed) where.markChanging(one);
  return { scope, scopes, exports, exportsAllOf, calls, names };
}

function imported(
  module: string,
  specifier: t.ImportSpecifier | t.ImportDefaultSpecifier | t.ImportNamespaceSpecifier,
): Binding {
  if (specifier.type === "ImportSpecifier") return { kind: "import", module, name: textOf(specifier.imported) };
  return { kind: "import", module, name: specifier.type === "ImportDefaultSpecifier" ? "default" : "*" };
}

function declareParameters(scope: Scope, node: FunctionNode): void {
  for (const [index, parameter] of node.params.entries()) {
    for (const [local, members] of taken(parameter, [])) {
      scope.declare(
        local,
        members === undefined ? { kind: "changing" } : { kind: "parameter", of: node, index, members },
      );
    }
  }
}

function declare(scope: Scope, pattern: t.Node, value: t.Expression | undefined): void {
  for (const [local, members] of taken(pattern, [])) {
    const isConstant = value !== undefined && members !== undefined;
    scope.declare(local, isConstant ? { kind: "constant", value, members } : { kind: "changing" });
  }
}

/** By which members a name is taken out of a value; undefined where that cannot be told. */
type Members = readonly string[] | undefined;

/** The names that a pattern declares. */
function* taken(pattern: t.Node, members: Members): Generator<readonly [string, Members]> {
  switch (pattern.type) {
    case "Identifier":
      yield [pattern.name, members];
      return;
    case "AssignmentPattern":
      yield* taken(pattern.left, undefined);
      return;
    case "TSParameterProperty":
      yield* taken(pattern.parameter, undefined);
      return;
    case "RestElement":
      yield* taken(pattern.argument, undefined);
      return;
    case "ArrayPattern":
      for (const one of pattern.elements) if (isThere(one)) yield* taken(one, undefined);
      return;
    case "ObjectPattern":
      for (const one of pattern.properties) {
        if (one.type === "RestElement") yield* taken(one, undefined);
        else {
          const own = propertyName(one);
          yield* taken(one.value, members === undefined || own === undefined ? undefined : [...members, own]);
        }
      }
      return;
    default:
  }
}

const namesIn = (pattern: t.Node): readonly string[] => [...taken(pattern, [])].map(([local]) => local);

const textOf = (name: t.Identifier | t.StringLiteral): string => (name.type === "Identifier" ? name.name : name.value);

function pathOf(node: t.Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression") return undefined;
  const [object, own] = [pathOf(node.object), memberName(node)];
  return object === undefined || own === undefined ? undefined : `${object}.${own}`;
}

/** Whether a node can stand where a value is wanted; the others here are declarations. */
const isExpression = (node: t.Node): node is t.Expression =>
  node.type !== "FunctionDeclaration" &&
  node.type !== "ClassDeclaration" &&
  node.type !== "TSDeclareFunction" &&
  !node.type.endsWith("Pattern") &&
  node.type !== "RestElement";
