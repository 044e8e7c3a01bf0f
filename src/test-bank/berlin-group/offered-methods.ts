import type { Hono } from 'hono';

/** For a path below the face: the methods that its routes offer there, so that a wrong method is told from a wrong path. */
export function offeredMethods(app: Hono): (path: string) => readonly string[] {
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => ({ method, parts: path.split('/') }));
  return (path) => {
    const asked = path.split('/');
    const matching = routes.filter(
      ({ parts }) =>
        parts.length === asked.length && parts.every((part, index) => part.startsWith(':') || part === asked[index]),
    );
    return [...new Set(matching.map(({ method }) => method))].toSorted();
  };
}
