/** The one stylesheet of the bank's pages: no script, no inline style, so that the policy can forbid both. */
export const stylesheet = `
:root { color-scheme: light dark; --ink: #14213a; --muted: #52607a; --line: #c9d1de; --page: #f2f5f9; --card: #fff;
  --brand: #0b5563; --brand-ink: #fff; --bad: #a3142a; --bad-page: #fdecef; --note: #e8f1f3; }
@media (prefers-color-scheme: dark) { :root { --ink: #eaf0f8; --muted: #a9b6ca; --line: #3a4763; --page: #0e1624;
  --card: #182236; --brand: #4fb3c6; --brand-ink: #06222a; --bad: #ff9aa8; --bad-page: #3a1820; --note: #15303a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
header > div, main, footer { max-width: 34rem; margin: 0 auto; padding: 1rem; }
header > div { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
.brand { font-weight: 700; font-size: 1.1rem; display: flex; align-items: center; gap: .6rem; }
.brand::before { content: ""; width: 1.6rem; height: 1.6rem; border-radius: 50% 50% 50% 0; background: var(--brand); }
main { padding-top: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: 0 0 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; margin-bottom: 1.25rem; }
.muted, footer { color: var(--muted); font-size: .9rem; }
label.field { display: block; font-weight: 600; margin-bottom: 1rem; }
input[type=text], input[type=password] { display: block; width: 100%; margin-top: .35rem; padding: .7rem .8rem;
  font: inherit; color: inherit; background: var(--page); border: 1px solid var(--muted); border-radius: 8px; }
input[name=otp] { letter-spacing: .4em; font-size: 1.3rem; }
fieldset { border: 0; padding: 0; margin: 0 0 1rem; }
legend { font-weight: 600; padding: 0; margin-bottom: .5rem; }
.account { display: flex; gap: .8rem; align-items: center; padding: .8rem; border: 1px solid var(--line); border-radius: 8px; margin-bottom: .5rem; }
.account span { flex: 1; } .account small { display: block; color: var(--muted); }
.account input { width: 1.25rem; height: 1.25rem; accent-color: var(--brand); }
.actions { display: flex; gap: .75rem; flex-wrap: wrap; }
button { flex: 1 1 10rem; min-height: 2.9rem; padding: .6rem 1.2rem; font: inherit; font-weight: 600; cursor: pointer;
  border-radius: 8px; border: 1px solid var(--brand); background: var(--brand); color: var(--brand-ink); }
button.plain { background: transparent; color: var(--brand); }
a { color: var(--brand); }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.alert { background: var(--bad-page); color: var(--bad); border: 1px solid currentColor; border-radius: 8px; padding: .7rem .9rem; }
.note { background: var(--note); }
table { border-collapse: collapse; width: 100%; font-size: .95rem; } th { text-align: left; font-weight: 600; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
code { font: .95em ui-monospace, monospace; }
.phone { max-width: 20rem; margin: 0 auto; border: 10px solid #222c3d; border-radius: 32px; min-height: 26rem; padding: 2rem 1.2rem; background: var(--card); }
.sms { background: var(--note); border-radius: 14px; padding: .8rem 1rem; } .sms strong { font-size: 1.5rem; letter-spacing: .12em; display: block; }
`;
