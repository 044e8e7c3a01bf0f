import type { Language } from '../pages/texts.ts';

const en = {
  title: 'Simulated phone',
  lead: 'What the bank sends to the phone of a test customer is shown here.',
  login: 'Customer number',
  open: 'Show',
  refresh: 'Look for new messages',
  phoneOf: (name: string) => `Phone of ${name}`,
  empty: 'There is no message.',
  smsText: {
    'sign-in': 'Your code to sign in is',
    consent: 'Your code to confirm access to your accounts is',
  },
  appText: {
    'sign-in': 'Somebody signs in to your accounts. Is it you?',
    consent: 'A third party asks for access to your accounts. Is it you?',
  },
  comparison: 'The page shows the same number:',
  validUntil: (time: string) => `Valid until ${time}.`,
  approve: 'Approve',
  refuse: 'Refuse',
  status: {
    open: 'Waiting',
    passed: 'Approved',
    refused: 'Refused',
    locked: 'Locked',
    expired: 'Expired',
    gone: 'Expired',
  },
  codeStatus: {
    open: 'New',
    passed: 'Used',
    refused: 'Refused',
    locked: 'Locked',
    expired: 'Expired',
    gone: 'Expired',
  },
  sms: 'SMS',
  app: 'Bank app',
};

export type PhoneTexts = Readonly<typeof en>;

const fr: PhoneTexts = {
  title: 'Téléphone simulé',
  lead: 'Ce que la banque envoie au téléphone d’un client de test s’affiche ici.',
  login: 'Numéro client',
  open: 'Afficher',
  refresh: 'Chercher de nouveaux messages',
  phoneOf: (name) => `Téléphone de ${name}`,
  empty: 'Aucun message.',
  smsText: {
    'sign-in': 'Votre code de connexion est',
    consent: 'Votre code pour confirmer l’accès à vos comptes est',
  },
  appText: {
    'sign-in': 'Une connexion à vos comptes est en cours. Est-ce vous ?',
    consent: 'Un prestataire demande l’accès à vos comptes. Est-ce vous ?',
  },
  comparison: 'La page affiche le même nombre :',
  validUntil: (time) => `Valable jusqu’à ${time}.`,
  approve: 'Approuver',
  refuse: 'Refuser',
  status: {
    open: 'En attente',
    passed: 'Approuvé',
    refused: 'Refusé',
    locked: 'Bloqué',
    expired: 'Expiré',
    gone: 'Expiré',
  },
  codeStatus: {
    open: 'Nouveau',
    passed: 'Utilisé',
    refused: 'Refusé',
    locked: 'Bloqué',
    expired: 'Expiré',
    gone: 'Expiré',
  },
  sms: 'SMS',
  app: 'Application de la banque',
};

export const phoneTexts: Readonly<Record<Language, PhoneTexts>> = { en, fr };
