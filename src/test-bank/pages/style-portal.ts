/** The portal's own parts: keypad, phone, accounts in both layouts. */
export const portalStyle = `
.sign-out { margin: 0; }
.keys { display: grid; grid-template-columns: repeat(5, 1fr); gap: .5rem; max-width: 24rem; margin-bottom: .75rem; }
.key { min-height: 3.25rem; padding: 0; font-size: 1.3rem; border-radius: 10px; background: var(--card); color: var(--ink); border-color: var(--field); font-variant-numeric: tabular-nums; }
.key:hover { background: var(--note); color: var(--ink); border-color: var(--brand); }
.entered { margin: 0 0 .75rem; min-height: 1.6rem; } .dots { letter-spacing: .3em; color: var(--brand); margin-left: .5rem; }
.spinner { display: inline-block; width: 1.2rem; height: 1.2rem; margin-right: .7rem; vertical-align: -.2rem; border-radius: 50%; border: 3px solid var(--line); border-top-color: var(--brand); }
.waiting { text-align: center; }
.terms { border: 1px solid var(--line); border-radius: 8px; padding: 1rem; max-height: 14rem; overflow: auto; margin-bottom: 1.15rem; } .terms > :last-child { margin: 0; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1.5rem; margin: 0 0 1.25rem; } .facts dt { color: var(--muted); } .facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.soldes dd { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.captcha { font: italic 700 2rem/1.6 serif; letter-spacing: .6em; background: var(--note); border-radius: 8px; text-align: center; } .captcha span:nth-child(even) { display: inline-block; transform: rotate(-18deg); }
.inline { display: flex; gap: .75rem; align-items: flex-end; flex-wrap: wrap; margin-bottom: 1.5rem; } .inline .field { flex: 1 1 12rem; margin: 0; } .inline button { flex: none; }
.phone { max-width: 21rem; min-height: 30rem; margin: 0 auto 1.5rem; padding: 1rem 1rem 2rem; border: 10px solid #1f2937; border-radius: 36px; background: var(--page); box-shadow: var(--shadow); }
.phone-bar { text-align: center; color: var(--muted); font-size: .85rem; margin-bottom: 1.25rem; }
.message { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: .9rem 1rem; margin-bottom: .8rem; } .message p { margin-bottom: .5rem; } .message > :last-child { margin-bottom: 0; }
.message .actions > * { flex: 1 1 6rem; padding: .5rem; } .message.old { box-shadow: none; background: transparent; }
.sender { display: flex; justify-content: space-between; gap: .5rem; font-size: .8rem; color: var(--muted); } .code { font-size: 1.6rem; letter-spacing: .12em; display: block; font-variant-numeric: tabular-nums; }
.tableau-comptes, .tableau-operations { font-variant-numeric: tabular-nums; } .montant { text-align: right; white-space: nowrap; } td.solde { font-weight: 600; }
.tableau-comptes .hint { display: block; } .tableau-operations .date, .date-valeur { white-space: nowrap; } td.credit { color: var(--good); }
.tableau-operations td.libelle { min-width: 9rem; width: 60%; } .a-venir td { color: var(--muted); font-style: italic; }
.tag { display: inline-block; padding: 0 .5rem; border-radius: 999px; background: var(--note); color: var(--ink); font-size: .8rem; font-style: normal; white-space: nowrap; }
.numero, .tile-number { font-variant-numeric: tabular-nums; color: var(--muted); overflow-wrap: anywhere; }
.pagination { display: flex; gap: .75rem 1.25rem; align-items: center; justify-content: center; flex-wrap: wrap; margin-top: 1rem; }
.section { margin-bottom: 1.75rem; } .tiles, .feed { list-style: none; margin: 0; padding: 0; }
.tiles { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
.tile { position: relative; display: flex; flex-direction: column; gap: .1rem; background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 1.1rem 1.2rem; box-shadow: var(--shadow); }
.tile:hover { border-color: var(--brand); } .tile-name { font-weight: 600; color: var(--ink); text-decoration: none; } .tile-name::after { content: ""; position: absolute; inset: 0; border-radius: 16px; }
.tile-number { font-size: .85rem; } .tile-amount { margin-top: .8rem; font-size: 1.4rem; font-weight: 700; font-variant-numeric: tabular-nums; text-align: right; }
.hero { background: var(--bar); color: var(--bar-ink); border-radius: 18px; padding: 1.5rem; margin-bottom: 1.5rem; } .hero .tile-number { color: inherit; margin: 0; }
.hero-amount { font-size: 1.9rem; font-weight: 700; margin: 1rem 0 0; font-variant-numeric: tabular-nums; } .hero-amount span { display: block; font-size: .9rem; font-weight: 400; }
.feed { background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
.feed-item { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; padding: .8rem 1.1rem; border-bottom: 1px solid var(--line); } .feed-item:last-child { border-bottom: 0; }
.feed + p { margin-top: 1.25rem; text-align: center; } .feed-text { flex: 1; min-width: 0; overflow-wrap: anywhere; } .feed-text .hint { display: block; font-size: .85rem; } .feed-amount { white-space: nowrap; font-weight: 600; font-variant-numeric: tabular-nums; } .feed-amount.in { color: var(--good); }
@media (max-width: 40rem) { .card { padding: 1.15rem; } h1 { font-size: 1.4rem; } main { padding-top: 1.5rem; } .facultatif { display: none; }
  .tableau-comptes thead, .tableau-operations thead { position: absolute; left: -100rem; }
  .tableau-comptes tr, .tableau-operations tr { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .7rem 0; border-bottom: 1px solid var(--line); }
  .tableau-comptes td, .tableau-operations td { border: 0; padding: 0; } .tableau-comptes .numero { grid-row: 2; grid-column: 1 / -1; font-size: .85rem; }
  .tableau-operations .date { grid-column: 1 / -1; font-size: .85rem; color: var(--muted); } .tableau-operations td.libelle { width: auto; min-width: 0; }
  .tableau-operations .montant { grid-column: 2; grid-row: 2; } .tableau-operations .montant:empty { display: none; } .tableau-operations .debit:not(:empty)::before { content: "-"; }
  .tableau-operations .credit:not(:empty)::before { content: "+"; } }
`;
