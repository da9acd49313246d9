import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ESTree, parseSync, Visitor, type VisitorObject } from "vite";

/** A file of the project; `path` is relative to its root, with `/`. */
export interface SourceFile {
  path: string;
  text: string;
}

/** What a check found wrong, and where. `line` counts from 1. */
export interface Finding {
  path: string;
  line?: number;
  message: string;
}

export interface Import {
  specifier: string;
  /** True when nothing of it is left after type stripping; `import { type A }` leaves an import. */
  typeOnly: boolean;
  line: number;
}

/** A parsed TypeScript file. */
export interface CodeFile extends SourceFile {
  imports: Import[];
  comments: { text: string; line: number }[];
  visit(visitor: VisitorObject): void;
  lineAt(node: { start: number }): number;
}

const CODE = /\.[cm]?[jt]sx?$/;

/** Reads all files that git knows or would add. */
export function readSources(root: string): SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = [...new Set(listed.split("\0").filter(Boolean))];
  return paths.flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(root, path), "utf8") }];
    } catch {
      // Deleted in the working tree, still in the index.
      return [];
    }
  });
}

/** Parses the TypeScript and JavaScript among the files. @throws with the path, when one does not parse */
export function parseCode(files: SourceFile[]): CodeFile[] {
  return files.filter((file) => CODE.test(file.path)).map(parse);
}

function parse(file: SourceFile): CodeFile {
  const { program, comments, errors } = parseSync(file.path, file.text);
  if (errors[0]) throw new Error(`${file.path}: ${errors[0].message}`);
  const starts = lineStarts(file.text);
  const lineAt = (node: { start: number }) => starts.findLastIndex((start) => start <= node.start) + 1;
  const visit = (visitor: VisitorObject) => new Visitor(visitor).visit(program);
  return {
    ...file,
    visit,
    lineAt,
    comments: comments.map((comment) => ({ text: comment.value, line: lineAt(comment) })),
    imports: importsOf(visit, lineAt),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function importsOf(visit: CodeFile["visit"], lineAt: CodeFile["lineAt"]): Import[] {
  const imports: Import[] = [];
  const add = (source: ESTree.StringLiteral, kind: "type" | "value" | undefined) => {
    imports.push({ specifier: source.value, typeOnly: kind === "type", line: lineAt(source) });
  };
  visit({
    ImportDeclaration: (node) => add(node.source, node.importKind),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.source, node.exportKind);
    },
    ImportExpression: (node) => {
      if (node.source.type === "Literal" && typeof node.source.value === "string") {
        imports.push({ specifier: node.source.value, typeOnly: false, line: lineAt(node) });
      }
    },
    TSImportType: (node) => add(node.source, "type"),
  });
  return imports;
}
