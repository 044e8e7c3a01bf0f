/** For a page that waits for the phone: asks whether it would lead on by now, and goes there. */
export const waitingScript = `
const again = async () => {
  const answer = await fetch(location.href, { redirect: 'manual' }).catch(() => null);
  if (answer && answer.type === 'opaqueredirect') location.reload();
  else setTimeout(again, 2000);
};
setTimeout(again, 2000);
`;
