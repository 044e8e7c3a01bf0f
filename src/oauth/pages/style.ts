import { createHash } from 'node:crypto';

/** The one stylesheet of the pages; contrasts are at least 4.5 to 1 in both schemes (WCAG 2.2, 1.4.3). */
export const style = `
:root { color-scheme: light dark; --ink: #17202e; --muted: #566176; --line: #cfd6e1; --page: #f4f6f9; --card: #fff;
  --brand: #0b5563; --on-brand: #fff; --bad: #a3142a; --on-bad: #fdecef; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9eef6; --muted: #a8b3c6; --line: #38445c; --page: #0e1520;
  --card: #17202f; --brand: #57b8ca; --on-brand: #04222a; --bad: #ff9dab; --on-bad: #381820; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 27rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 2rem; }
@media (max-width: 30rem) { body { padding: 0; place-items: stretch; background: var(--card); }
  main { max-width: none; border: 0; border-radius: 0; padding: 1.5rem 1.25rem; } }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; text-wrap: balance; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
main > :last-child, form > :last-child { margin-bottom: 0; }
.muted { color: var(--muted); font-size: .9rem; }
label.field { display: block; font-weight: 600; margin-bottom: 1rem; }
label.field input { display: block; width: 100%; margin-top: .35rem; padding: .7rem .8rem; font: inherit; font-weight: 400; color: inherit;
  background: var(--page); border: 1px solid var(--muted); border-radius: 8px; }
fieldset { border: 0; padding: 0; margin: 0 0 1rem; min-width: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: .5rem; }
label.choice { display: flex; gap: .75rem; align-items: flex-start; padding: .65rem .8rem; margin-bottom: .5rem;
  border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
label.choice input { flex: none; width: 1.2rem; height: 1.2rem; margin: .15rem 0 0; accent-color: var(--brand); }
.actions { display: flex; gap: .75rem; flex-wrap: wrap; margin: 1.25rem 0 1rem; }
button { flex: 1 1 9rem; min-height: 2.9rem; padding: .6rem 1.2rem; font: inherit; font-weight: 600; cursor: pointer;
  border-radius: 8px; border: 1px solid var(--brand); background: var(--brand); color: var(--on-brand); }
button.plain { background: transparent; color: var(--brand); }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.alert { background: var(--on-bad); color: var(--bad); border: 1px solid currentColor; border-radius: 8px; padding: .7rem .9rem; }
code { font: .9em ui-monospace, monospace; }
`;

/** What the policy of a page allows as its style (CSP level 3). */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
