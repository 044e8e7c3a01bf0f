/** The words of the pages, in the two languages of the bank. */
export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

const en = {
  login: 'Login',
  password: 'Password',
  signIn: 'Sign in',
  signInTitle: 'Sign in to your online bank',
  signInLead: 'A third party asks for access to your accounts. Sign in to decide.',
  testLogins: 'Test logins',
  testLoginsHint:
    'This bank is simulated. A login such as error.consent_expired produces that failure, with any password.',
  refused: 'The login or the password is wrong.',
  locked: 'Your access is locked. Please contact your adviser.',
  'password-expired': 'Your password has expired. Please choose a new one on the site of the bank, then try again.',
  'action-required':
    'The terms of online banking have changed. Please accept them on the site of the bank, then try again.',
  challengeTitle: 'Confirm it is you',
  challengeLead: 'We have sent a code by SMS to',
  code: 'Code',
  confirm: 'Confirm',
  showPhone: 'Open the simulated phone',
  waitingTitle: 'Approve in your app',
  waitingLead: 'We have sent a request to the app of the bank on your phone',
  waitingNow: 'Waiting for your answer. This page goes on by itself.',
  iHaveApproved: 'I have approved',
  wrongCode: 'This code is wrong.',
  approveTitle: 'Share your accounts?',
  approveLead: 'The third party will be able to read what is listed here. It will not be able to make payments.',
  accountsToShare: 'Accounts to share',
  chooseAccounts: 'Choose the accounts to share',
  noAccounts: 'You have no account that can be shared.',
  chooseOne: 'Choose at least one account, or refuse.',
  whatIsShared: 'What is shared',
  sharesList: 'The list of your accounts',
  sharesBalances: 'Balances',
  sharesTransactions: 'Transactions',
  until: 'Until',
  approve: 'Approve',
  refuse: 'Refuse',
  goneTitle: 'This request can no longer be answered',
  goneLead: 'It has been answered already, or its time has run out. Go back to the application and start again.',
  expiredForm: 'The page had expired. Please try again.',
  otherLanguage: 'Français',
  skip: 'Skip to the content',
  simulated: 'Simulated bank for tests. No real data.',
};

export type Texts = Readonly<typeof en>;

const fr: Texts = {
  login: 'Identifiant',
  password: 'Mot de passe',
  signIn: 'Se connecter',
  signInTitle: 'Connexion à votre banque en ligne',
  signInLead: 'Un prestataire demande l’accès à vos comptes. Connectez-vous pour décider.',
  testLogins: 'Identifiants de test',
  testLoginsHint:
    'Cette banque est simulée. Un identifiant tel que error.consent_expired produit cette erreur, quel que soit le mot de passe.',
  refused: 'L’identifiant ou le mot de passe est incorrect.',
  locked: 'Votre accès est bloqué. Contactez votre conseiller.',
  'password-expired': 'Votre mot de passe a expiré. Choisissez-en un nouveau sur le site de la banque, puis réessayez.',
  'action-required':
    'Les conditions de la banque en ligne ont changé. Acceptez-les sur le site de la banque, puis réessayez.',
  challengeTitle: 'Confirmez votre identité',
  challengeLead: 'Nous avons envoyé un code par SMS au',
  code: 'Code',
  confirm: 'Confirmer',
  showPhone: 'Ouvrir le téléphone simulé',
  waitingTitle: 'Validez dans votre application',
  waitingLead: 'Une demande vous attend dans l’application de la banque sur votre téléphone',
  waitingNow: 'En attente de votre réponse. Cette page avance d’elle-même.',
  iHaveApproved: 'J’ai validé',
  wrongCode: 'Ce code est incorrect.',
  approveTitle: 'Partager vos comptes ?',
  approveLead: 'Le prestataire pourra lire ce qui est indiqué ici. Il ne pourra pas faire de paiement.',
  accountsToShare: 'Comptes partagés',
  chooseAccounts: 'Choisissez les comptes à partager',
  noAccounts: 'Vous n’avez aucun compte qui puisse être partagé.',
  chooseOne: 'Choisissez au moins un compte, ou refusez.',
  whatIsShared: 'Ce qui est partagé',
  sharesList: 'La liste de vos comptes',
  sharesBalances: 'Les soldes',
  sharesTransactions: 'Les opérations',
  until: 'Jusqu’au',
  approve: 'Approuver',
  refuse: 'Refuser',
  goneTitle: 'Cette demande n’est plus valable',
  goneLead: 'Elle a déjà reçu une réponse, ou son délai est dépassé. Revenez à l’application et recommencez.',
  expiredForm: 'La page avait expiré. Veuillez réessayer.',
  otherLanguage: 'English',
  skip: 'Aller au contenu',
  simulated: 'Banque simulée pour les tests. Aucune donnée réelle.',
};

export const texts: Readonly<Record<Language, Texts>> = { fr, en };

/** The first of our two languages that the browser asks for; English when it names neither. */
export function languageOf(acceptLanguage: string | undefined): Language {
  for (const part of (acceptLanguage ?? '').toLowerCase().split(',')) {
    const primary = part.trim().slice(0, 2);
    if (primary === 'fr' || primary === 'en') return primary;
  }
  return 'en';
}
