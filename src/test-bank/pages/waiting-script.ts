/**
 * For a page that waits for the phone: asks whether it still has to, and loads the page anew when it has not. The
 * question changes nothing, so that what has happened is told to the page and not to the script.
 */
export const waitingScript = `
const again = async () => {
  const answer = await fetch(location.pathname + '?peek').then((response) => response.json()).catch(() => null);
  if (answer && !answer.isOpen) location.reload();
  else setTimeout(again, 2000);
};
setTimeout(again, 2000);
`;
