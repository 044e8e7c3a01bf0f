import { Kind, visit, type DocumentNode, type OperationDefinitionNode } from 'graphql';

const found = new WeakMap<DocumentNode, readonly string[]>();

/**
 * The variables on which the answer to one event depends, sorted: all but those that are only arguments of the root
 * field. Those choose which events there are (`after`, `types`), and two subscribers who differ in nothing else are
 * shown the same event in the same words. A root field inside a fragment is not looked into: all variables count.
 */
export function eventVariables(document: DocumentNode): readonly string[] {
  let names = found.get(document);
  if (!names) {
    names = [...namesIn(document)].toSorted((left, right) => left.localeCompare(right));
    found.set(document, names);
  }
  return names;
}

function namesIn(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  const roots = new Set(
    document.definitions.filter(isOperation).flatMap(({ selectionSet }) => selectionSet.selections),
  );
  visit(document, {
    VariableDefinition: () => false,
    Argument: (_node, _key, parent, _path, ancestors) => {
      const field = ancestors.at(-1);
      const isOfRoot =
        Array.isArray(parent) && field && 'kind' in field && field.kind === Kind.FIELD && roots.has(field);
      return isOfRoot ? false : undefined;
    },
    Variable: ({ name }) => void names.add(name.value),
  });
  return names;
}

function isOperation(node: DocumentNode['definitions'][number]): node is OperationDefinitionNode {
  return node.kind === Kind.OPERATION_DEFINITION;
}
