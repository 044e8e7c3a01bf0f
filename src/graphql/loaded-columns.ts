import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { defaultFieldResolver, type GraphQLFieldResolver } from 'graphql';

const pluginName = 'loadedColumns';

type FieldResolver = GraphQLFieldResolver<unknown, object, object>;

/**
 * The drizzle plugin looks up for each field of each row, by its path in the answer, whether the row was loaded with
 * it. A field that selects nothing but columns needs no look-up: a column that is on the row was loaded, and its value
 * depends on no argument and no alias. Such fields are most of an answer, and the look-ups were a third of the work.
 */
export class LoadedColumnsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(checked: FieldResolver, config: PothosOutputFieldConfig<Types>): FieldResolver {
    const columns = this.returnsData(config) ? columnsOf(config.extensions) : [];
    if (columns.length === 0) return checked;
    const resolve: FieldResolver = config.resolve ?? defaultFieldResolver;
    return (row, args, context, info) =>
      isLoaded(row, columns) ? resolve(row, args, context, info) : checked(row, args, context, info);
  }

  /** Whether nothing below the field is loaded by the drizzle plugin, which would want to know of this one. */
  private returnsData(config: PothosOutputFieldConfig<Types>): boolean {
    const type = config.type.kind === 'List' ? config.type.type : config.type;
    if (type.kind === 'Scalar' || type.kind === 'Enum') return true;
    return type.kind === 'Object' && this.buildCache.getTypeConfig(type.ref, 'Object').kind === 'Object';
  }
}

/** The columns of a field's selection; none when it selects anything else. */
function columnsOf(extensions: object | undefined | null): string[] {
  const selection: unknown = extensions ? Reflect.get(extensions, 'pothosDrizzleSelect') : null;
  if (typeof selection !== 'object' || selection === null || Object.keys(selection).join() !== 'columns') return [];
  const columns: unknown = Reflect.get(selection, 'columns');
  return typeof columns === 'object' && columns !== null ? Object.keys(columns) : [];
}

function isLoaded(row: unknown, columns: readonly string[]): boolean {
  if (typeof row !== 'object' || row === null) return false;
  for (const column of columns) if (Reflect.get(row, column) === undefined) return false;
  return true;
}

SchemaBuilder.registerPlugin(pluginName, LoadedColumnsPlugin);

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- how Pothos learns of a plugin
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      loadedColumns: LoadedColumnsPlugin<Types>;
    }
  }
}
