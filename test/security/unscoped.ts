import { loadModule, parseSync } from 'libpg-query';

await loadModule();

type Node = Record<string, unknown>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The tables of user data that a statement reads or changes without saying whose: in the WHERE or a JOIN's ON of the
 * same SELECT, UPDATE or DELETE there must be an equation of their `client_id` or `user_id` (the `id` of `users`
 * counts). An equation inside of an OR does not count. `insert … values` needs none: it writes the owner.
 */
export function unscopedTables(statement: string, userTables: ReadonlySet<string>): string[] {
  const found: string[] = [];
  visit(parseSync(statement), userTables, found);
  return found;
}

function visit(value: unknown, userTables: ReadonlySet<string>, found: string[]): void {
  if (Array.isArray(value)) for (const item of value) visit(item, userTables, found);
  if (!isNode(value)) return;
  for (const [kind, inner] of Object.entries(value)) {
    if (isNode(inner)) {
      if (kind === 'SelectStmt') check(inner, list(inner['fromClause']), userTables, found);
      if (kind === 'UpdateStmt') {
        check(inner, [{ RangeVar: inner['relation'] }, ...list(inner['fromClause'])], userTables, found);
      }
      if (kind === 'DeleteStmt') {
        check(inner, [{ RangeVar: inner['relation'] }, ...list(inner['usingClause'])], userTables, found);
      }
    }
    visit(inner, userTables, found);
  }
}

function check(query: Node, from: unknown[], userTables: ReadonlySet<string>, found: string[]): void {
  const names = new Map<string, string>();
  const conditions: unknown[] = [query['whereClause']];
  for (const item of from) collect(item, names, conditions);
  const scoped = new Set<string>();
  for (const condition of conditions) equations(condition, scoped);
  for (const [name, table] of names) {
    if (!userTables.has(table)) continue;
    const columns = table === 'users' ? ['client_id', 'id'] : ['client_id', 'user_id'];
    // A statement over one table may leave its columns unqualified.
    const isScoped = columns.some(
      (column) => scoped.has(`${name}.${column}`) || (names.size === 1 && scoped.has(column)),
    );
    if (!isScoped) found.push(table);
  }
}

/** What a FROM names: tables by their alias, and the conditions of joins. Subqueries are visited by themselves. */
function collect(item: unknown, names: Map<string, string>, conditions: unknown[]): void {
  if (!isNode(item)) return;
  const { RangeVar: table, JoinExpr: join } = item;
  if (isNode(table)) {
    const relation = String(table['relname']);
    const alias = isNode(table['alias']) ? String(table['alias']['aliasname']) : relation;
    names.set(alias, relation);
  }
  if (isNode(join)) {
    collect(join['larg'], names, conditions);
    collect(join['rarg'], names, conditions);
    conditions.push(join['quals']);
  }
}

function equations(condition: unknown, scoped: Set<string>): void {
  if (!isNode(condition)) return;
  const { BoolExpr: bool, A_Expr: expression } = condition;
  if (isNode(bool) && bool['boolop'] === 'AND_EXPR') for (const part of list(bool['args'])) equations(part, scoped);
  if (!isNode(expression)) return;
  const isEquation = ['AEXPR_OP', 'AEXPR_IN', 'AEXPR_OP_ANY'].includes(String(expression['kind']));
  if (!isEquation || JSON.stringify(expression['name']) !== '[{"String":{"sval":"="}}]') return;
  for (const side of [expression['lexpr'], expression['rexpr']]) {
    if (isNode(side) && isNode(side['ColumnRef'])) {
      const path = list(side['ColumnRef']['fields']).map((field) => {
        const text = isNode(field) ? field['String'] : null;
        return isNode(text) ? String(text['sval']) : '*';
      });
      scoped.add(path.slice(-2).join('.'));
    }
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
