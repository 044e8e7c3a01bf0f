/** Colours (each pair of ink and ground has a contrast of 4.5 or more), frame, text, forms. */
export const elements = `
:root { color-scheme: light dark; --ink: #16233b; --muted: #4d5b74; --line: #d3dae5; --field: #6b7890; --page: #f3f6f9;
  --card: #fff; --brand: #0b5563; --brand-strong: #083f4a; --brand-ink: #fff; --bar: #083f4a; --bar-ink: #fff;
  --bad: #a3142a; --bad-page: #fdecef; --good: #146b3a; --note: #e6f1f3; --shadow: 0 1px 2px #16233b14, 0 6px 20px #16233b0f; }
@media (prefers-color-scheme: dark) { :root { --ink: #eaf0f8; --muted: #aab7cb; --line: #33405a; --field: #8593ab;
  --page: #0d1522; --card: #172135; --brand: #5cc0d2; --brand-strong: #8ad4e1; --brand-ink: #06222a; --bar: #0a2730;
  --bar-ink: #eaf6f8; --bad: #ff9dab; --bad-page: #3a1820; --good: #7fd6a2; --note: #14303a; --shadow: none; } }
* { box-sizing: border-box; } [hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body > header { background: var(--bar); color: var(--bar-ink); }
body > header > div, main, body > footer > div { width: 100%; max-width: 36rem; margin: 0 auto; padding: 0 1.25rem; }
.wide > header > div, .wide main, .wide > footer > div { max-width: 64rem; }
body > header > div { min-height: 3.75rem; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding-top: .5rem; padding-bottom: .5rem; }
.brand { font-weight: 700; font-size: 1.1rem; display: flex; align-items: center; gap: .65rem; margin-right: auto; }
.brand::before { content: ""; width: 1.5rem; height: 1.5rem; border-radius: 50% 50% 50% 0; border: 3px solid currentColor; }
body > header a { color: inherit; } .language { padding: .5rem 0; font-size: .95rem; }
body > header button.plain { color: inherit; border-color: currentColor; }
main { flex: 1; padding-top: 2rem; padding-bottom: 2.5rem; } main:focus { outline: 0; }
body > footer { border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; } body > footer > div { padding-top: 1rem; padding-bottom: 1rem; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: .5rem; top: .5rem; background: var(--card); color: var(--brand); padding: .6rem 1rem; z-index: 1; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .4rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0 0 .6rem; } h3 { font-size: .95rem; margin: 1.25rem 0 .5rem; color: var(--muted); }
h1 + .card, h1 + .alert, h1 + .notice, h1 + form { margin-top: 1rem; }
p { margin: 0 0 1rem; } .lead { color: var(--muted); font-size: 1.05rem; } .muted, .hint { color: var(--muted); font-size: .9rem; }
a { color: var(--brand); text-underline-offset: .15em; } a:hover { color: var(--brand-strong); }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; border-radius: 3px; } body > header :focus-visible { outline-color: var(--bar-ink); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.5rem; margin: 0 0 1.25rem; box-shadow: var(--shadow); }
.card > :last-child { margin-bottom: 0; } .note { background: var(--note); box-shadow: none; border-color: transparent; }
.field { margin-bottom: 1.15rem; } .field > label, legend { display: block; font-weight: 600; padding: 0; }
.field .hint { margin: 0; } .mistake { color: var(--bad); font-weight: 600; margin: 0; }
input[type=text], input[type=password], input[type=url] { display: block; width: 100%; min-height: 2.9rem; margin-top: .35rem; padding: .6rem .8rem;
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--field); border-radius: 8px; }
input[aria-invalid=true] { border: 2px solid var(--bad); } .wrong { border-left: 4px solid var(--bad); padding-left: .9rem; }
input[autocomplete=one-time-code] { letter-spacing: .35em; font-size: 1.35rem; max-width: 16rem; font-variant-numeric: tabular-nums; }
.tick { display: flex; gap: .75rem; align-items: flex-start; font-weight: 500; } .tick span { flex: 1; }
input[type=checkbox] { width: 1.4rem; height: 1.4rem; margin: .1rem 0 0; accent-color: var(--brand); flex: none; }
fieldset { border: 0; padding: 0; margin: 0 0 1.15rem; min-width: 0; } legend { margin-bottom: .5rem; }
details { margin-bottom: 1.15rem; } summary { cursor: pointer; color: var(--brand); font-weight: 600; padding: .4rem 0; } details[open] summary { margin-bottom: .6rem; }
.actions { display: flex; gap: .75rem; flex-wrap: wrap; } .actions > * { flex: 1 1 10rem; }
button, .button { display: inline-block; min-height: 2.9rem; padding: .6rem 1.3rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
  border-radius: 999px; border: 1px solid var(--brand); background: var(--brand); color: var(--brand-ink); }
button:hover, .button:hover { background: var(--brand-strong); border-color: var(--brand-strong); color: var(--brand-ink); }
button.plain, .button.plain { background: transparent; color: var(--brand); } button.plain:hover, .button.plain:hover { background: var(--note); }
body > header button.plain:hover { background: #ffffff24; } button.small { min-height: 2.4rem; padding: .3rem 1rem; font-size: .95rem; }
.alert { background: var(--bad-page); color: var(--bad); border: 1px solid currentColor; border-radius: 10px; padding: .8rem 1rem; margin: 0 0 1.25rem; }
.alert a, .alert h2 { color: inherit; } .alert h2 { margin-bottom: .2rem; } .alert > :last-child { margin-bottom: 0; } .alert ul { margin: .5rem 0 0; padding-left: 1.1rem; } .alert li { overflow-wrap: anywhere; margin-bottom: .3rem; }
.notice { background: var(--note); border-radius: 10px; padding: .8rem 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; margin-bottom: .75rem; } th { text-align: left; font-weight: 600; }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; vertical-align: top; } th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: .85rem; } tbody tr:last-child > * { border-bottom: 0; }
code { font: .95em ui-monospace, SFMono-Regular, Menlo, monospace; }
.account { display: flex; gap: .8rem; align-items: center; padding: .8rem; border: 1px solid var(--line); border-radius: 10px; margin-bottom: .5rem; }
.account span { flex: 1; min-width: 0; overflow-wrap: anywhere; } .account span:last-child { flex: none; font-variant-numeric: tabular-nums; font-weight: 600; } .account small { display: block; color: var(--muted); }
@media (prefers-reduced-motion: no-preference) { button, .button { transition: background .15s; } .spinner { animation: turn 1s linear infinite; } }
@keyframes turn { to { transform: rotate(1turn); } }
@media (forced-colors: active) { .brand::before, .spinner { forced-color-adjust: none; } }
`;
