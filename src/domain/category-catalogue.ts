/** A category of the catalogue. Keys are immutable: reports and rules of clients are made of them. */
export interface CatalogueCategory {
  readonly key: string;
  /** Null for a primary; leaves stand one level below. */
  readonly parentKey: string | null;
  readonly labelEn: string;
  readonly labelFr: string;
  /** The place in a list; the leaves of a primary follow it. */
  readonly position: number;
}

type Entry = readonly [key: string, labelEn: string, labelFr: string];

/** Each primary with its leaves. A leaf's key begins with a word of its primary, so a key explains itself in a log. */
const catalogue: readonly (readonly [primary: Entry, ...leaves: Entry[]])[] = [
  [
    ['INCOME', 'Income', 'Revenus'],
    ['INCOME_SALARY', 'Salary', 'Salaire'],
    ['INCOME_BONUS', 'Bonus and profit sharing', 'Primes et intéressement'],
    ['INCOME_PENSION', 'Pension', 'Retraite'],
    ['INCOME_UNEMPLOYMENT', 'Unemployment benefit', 'Allocations chômage'],
    ['INCOME_FAMILY_BENEFITS', 'Family benefits', 'Allocations familiales'],
    ['INCOME_SOCIAL_BENEFITS', 'Other social benefits', 'Autres prestations sociales'],
    ['INCOME_SELF_EMPLOYED', 'Self-employed income', 'Revenus d’indépendant'],
    ['INCOME_RENT', 'Rent received', 'Loyers perçus'],
    ['INCOME_INTEREST_DIVIDENDS', 'Interest and dividends', 'Intérêts et dividendes'],
    ['INCOME_ALIMONY', 'Alimony received', 'Pension alimentaire reçue'],
    ['INCOME_REFUND', 'Refunds', 'Remboursements'],
    ['INCOME_EXPENSE_CLAIM', 'Expense claims', 'Notes de frais'],
    ['INCOME_OTHER', 'Other income', 'Autres revenus'],
  ],
  [
    ['INTERNAL_TRANSFER', 'Internal transfers', 'Virements internes'],
    ['INTERNAL_TRANSFER_OWN_ACCOUNTS', 'Between own accounts', 'Entre comptes propres'],
    ['INTERNAL_TRANSFER_DEFERRED_CARD', 'Deferred card settlement', 'Règlement carte à débit différé'],
    ['INTERNAL_TRANSFER_CREDIT_CARD', 'Credit card payment', 'Paiement de carte de crédit'],
    ['INTERNAL_TRANSFER_WALLET', 'Wallet top-up', 'Rechargement de portefeuille'],
  ],
  [
    ['SAVINGS_INVESTMENT', 'Savings and investment', 'Épargne et placements'],
    ['SAVINGS_TRANSFER', 'Savings transfer', 'Virement d’épargne'],
    ['SAVINGS_LIFE_INSURANCE', 'Life insurance', 'Assurance vie'],
    ['SAVINGS_RETIREMENT', 'Retirement saving', 'Épargne retraite'],
    ['SAVINGS_SECURITIES', 'Securities', 'Titres et bourse'],
    ['SAVINGS_CRYPTO', 'Crypto-assets', 'Cryptoactifs'],
  ],
  [
    ['HOUSING', 'Housing', 'Logement'],
    ['HOUSING_RENT', 'Rent', 'Loyer'],
    ['HOUSING_SERVICE_CHARGES', 'Service charges', 'Charges de copropriété'],
    ['HOUSING_MAINTENANCE', 'Maintenance and works', 'Entretien et travaux'],
    ['HOUSING_FURNITURE', 'Furniture and appliances', 'Mobilier et électroménager'],
    ['HOUSING_GARDEN', 'Garden', 'Jardin'],
    ['HOUSING_DOMESTIC_HELP', 'Domestic help', 'Aide à domicile'],
    ['HOUSING_MOVING', 'Moving and storage', 'Déménagement et stockage'],
  ],
  [
    ['UTILITIES_TELECOM', 'Utilities and telecom', 'Énergie et télécoms'],
    ['UTILITIES_ENERGY', 'Electricity, gas and heating', 'Électricité, gaz et chauffage'],
    ['UTILITIES_WATER', 'Water', 'Eau'],
    ['UTILITIES_WASTE', 'Waste', 'Déchets'],
    ['TELECOM_MOBILE', 'Mobile telephone', 'Téléphonie mobile'],
    ['TELECOM_INTERNET', 'Internet and landline', 'Internet et téléphone fixe'],
  ],
  [
    ['GROCERIES', 'Groceries', 'Alimentation'],
    ['GROCERIES_SUPERMARKET', 'Supermarket', 'Supermarché'],
    ['GROCERIES_SPECIALIST', 'Bakery, butcher and markets', 'Boulangerie, boucherie et marchés'],
    ['GROCERIES_DELIVERY', 'Grocery delivery', 'Courses livrées'],
    ['GROCERIES_ALCOHOL_TOBACCO', 'Alcohol and tobacco', 'Alcool et tabac'],
  ],
  [
    ['EATING_OUT', 'Eating out', 'Restauration'],
    ['EATING_OUT_RESTAURANT', 'Restaurants', 'Restaurants'],
    ['EATING_OUT_FAST_FOOD', 'Fast food', 'Restauration rapide'],
    ['EATING_OUT_CAFE_BAR', 'Cafés and bars', 'Cafés et bars'],
    ['EATING_OUT_DELIVERY', 'Meal delivery', 'Livraison de repas'],
    ['EATING_OUT_CANTEEN', 'Canteen', 'Cantine'],
  ],
  [
    ['TRANSPORT', 'Transport', 'Transports'],
    ['TRANSPORT_PUBLIC', 'Public transport', 'Transports en commun'],
    ['TRANSPORT_TRAIN', 'Train', 'Train'],
    ['TRANSPORT_TAXI', 'Taxi and ride hailing', 'Taxi et VTC'],
    ['TRANSPORT_BICYCLE', 'Bicycle and scooter', 'Vélo et trottinette'],
    ['TRANSPORT_CAR_SHARING', 'Car sharing', 'Covoiturage et autopartage'],
  ],
  [
    ['VEHICLE', 'Vehicle', 'Véhicule'],
    ['VEHICLE_FUEL', 'Fuel', 'Carburant'],
    ['VEHICLE_CHARGING', 'Electric charging', 'Recharge électrique'],
    ['VEHICLE_TOLLS', 'Tolls', 'Péages'],
    ['VEHICLE_PARKING', 'Parking', 'Stationnement'],
    ['VEHICLE_MAINTENANCE', 'Maintenance and repairs', 'Entretien et réparations'],
    ['VEHICLE_PURCHASE_LEASE', 'Purchase and leasing', 'Achat et location longue durée'],
    ['VEHICLE_FINES', 'Traffic fines', 'Amendes'],
  ],
  [
    ['SHOPPING', 'Shopping', 'Achats'],
    ['SHOPPING_CLOTHING', 'Clothing and shoes', 'Vêtements et chaussures'],
    ['SHOPPING_ELECTRONICS', 'Electronics', 'High-tech'],
    ['SHOPPING_BEAUTY', 'Beauty and hairdresser', 'Beauté et coiffeur'],
    ['SHOPPING_ONLINE', 'Online marketplaces', 'Places de marché en ligne'],
    ['SHOPPING_PETS', 'Pets', 'Animaux'],
    ['SHOPPING_OTHER', 'Other purchases', 'Autres achats'],
  ],
  [
    ['LEISURE_CULTURE', 'Leisure and culture', 'Loisirs et culture'],
    ['LEISURE_SUBSCRIPTIONS', 'Streaming and subscriptions', 'Streaming et abonnements'],
    ['LEISURE_BOOKS_PRESS', 'Books and press', 'Livres et presse'],
    ['LEISURE_OUTINGS', 'Cinema, concerts and museums', 'Cinéma, concerts et musées'],
    ['LEISURE_SPORT', 'Sport', 'Sport'],
    ['LEISURE_GAMES', 'Games and toys', 'Jeux et jouets'],
    ['LEISURE_GAMBLING', 'Gambling', 'Jeux d’argent'],
  ],
  [
    ['TRAVEL', 'Travel', 'Voyages'],
    ['TRAVEL_FLIGHT', 'Flights', 'Avion'],
    ['TRAVEL_ACCOMMODATION', 'Hotels and lodging', 'Hébergement'],
    ['TRAVEL_CAR_RENTAL', 'Car rental', 'Location de voiture'],
    ['TRAVEL_PACKAGE', 'Agencies and packages', 'Agences et séjours'],
  ],
  [
    ['HEALTH', 'Health', 'Santé'],
    ['HEALTH_DOCTOR', 'Doctors', 'Médecins'],
    ['HEALTH_PHARMACY', 'Pharmacy', 'Pharmacie'],
    ['HEALTH_DENTAL', 'Dentist', 'Dentiste'],
    ['HEALTH_OPTICAL', 'Optician', 'Opticien'],
    ['HEALTH_HOSPITAL_LABORATORY', 'Hospital and laboratory', 'Hôpital et laboratoire'],
    ['HEALTH_REIMBURSEMENT', 'Health reimbursements', 'Remboursements de santé'],
  ],
  [
    ['CHILDREN_EDUCATION', 'Children and education', 'Enfants et scolarité'],
    ['CHILDREN_CHILDCARE', 'Childcare', 'Garde d’enfants'],
    ['CHILDREN_ACTIVITIES', 'Activities and pocket money', 'Activités et argent de poche'],
    ['CHILDREN_ALIMONY', 'Alimony paid', 'Pension alimentaire versée'],
    ['EDUCATION_TUITION', 'School and tuition', 'Scolarité'],
    ['EDUCATION_SUPPLIES', 'School supplies', 'Fournitures scolaires'],
  ],
  [
    ['INSURANCE', 'Insurance', 'Assurances'],
    ['INSURANCE_HOME', 'Home insurance', 'Assurance habitation'],
    ['INSURANCE_VEHICLE', 'Vehicle insurance', 'Assurance véhicule'],
    ['INSURANCE_HEALTH', 'Health insurance', 'Mutuelle santé'],
    ['INSURANCE_LOAN', 'Loan insurance', 'Assurance emprunteur'],
    ['INSURANCE_PROVIDENT', 'Provident and accident', 'Prévoyance et accidents'],
    ['INSURANCE_OTHER', 'Other insurance', 'Autres assurances'],
  ],
  [
    ['LOANS_CREDIT', 'Loans and credit', 'Crédits'],
    ['LOANS_MORTGAGE', 'Mortgage repayment', 'Remboursement de prêt immobilier'],
    ['LOANS_CONSUMER', 'Consumer loan repayment', 'Remboursement de crédit à la consommation'],
    ['LOANS_STUDENT', 'Student loan repayment', 'Remboursement de prêt étudiant'],
    ['LOANS_INSTALMENTS', 'Payment in instalments', 'Paiement en plusieurs fois'],
    ['LOANS_DISBURSEMENT', 'Loan received', 'Prêt reçu'],
  ],
  [
    ['TAXES_PUBLIC', 'Taxes and public services', 'Impôts et services publics'],
    ['TAXES_INCOME', 'Income tax', 'Impôt sur le revenu'],
    ['TAXES_PROPERTY', 'Property tax', 'Taxe foncière'],
    ['TAXES_SOCIAL_CONTRIBUTIONS', 'Social contributions', 'Cotisations sociales'],
    ['TAXES_OTHER', 'Other taxes and duties', 'Autres taxes et droits'],
    ['TAXES_REFUND', 'Tax refund', 'Remboursement d’impôt'],
  ],
  [
    ['BANK_FEES', 'Bank fees', 'Frais bancaires'],
    ['BANK_FEES_ACCOUNT', 'Account fees', 'Frais de tenue de compte'],
    ['BANK_FEES_CARD', 'Card fees', 'Cotisation de carte'],
    ['BANK_FEES_OVERDRAFT', 'Overdraft interest', 'Agios'],
    ['BANK_FEES_INCIDENT', 'Incident fees', 'Frais d’incident'],
    ['BANK_FEES_FOREIGN', 'Foreign payment fees', 'Frais à l’étranger'],
  ],
  [
    ['PROFESSIONAL', 'Professional', 'Professionnel'],
    ['PROFESSIONAL_SUPPLIES', 'Office and supplies', 'Bureau et fournitures'],
    ['PROFESSIONAL_SERVICES', 'Accountants and lawyers', 'Comptables et avocats'],
    ['PROFESSIONAL_SOFTWARE', 'Software and hosting', 'Logiciels et hébergement'],
    ['PROFESSIONAL_PAYROLL', 'Wages paid', 'Salaires versés'],
    ['PROFESSIONAL_VAT', 'VAT', 'TVA'],
  ],
  [
    ['GIFTS_DONATIONS', 'Gifts and donations', 'Cadeaux et dons'],
    ['GIFTS_GIVEN', 'Gifts', 'Cadeaux'],
    ['GIFTS_RECEIVED', 'Gifts received', 'Cadeaux reçus'],
    ['DONATIONS_CHARITY', 'Charity', 'Associations caritatives'],
  ],
  [
    ['CASH_CHEQUES', 'Cash and cheques', 'Espèces et chèques'],
    ['CASH_WITHDRAWAL', 'Cash withdrawal', 'Retrait d’espèces'],
    ['CASH_DEPOSIT', 'Cash deposit', 'Dépôt d’espèces'],
    ['CHEQUE_PAID', 'Cheque written', 'Chèque émis'],
    ['CHEQUE_DEPOSITED', 'Cheque paid in', 'Remise de chèque'],
  ],
  [['UNCATEGORISED', 'Uncategorised', 'Non catégorisé']],
];

/** Two levels, in the order in which they are shown: every primary before its leaves. */
export const categoryCatalogue: readonly CatalogueCategory[] = catalogue
  .flatMap(([primary, ...leaves]) => [
    { entry: primary, parentKey: null },
    ...leaves.map((entry) => ({ entry, parentKey: primary[0] })),
  ])
  .map(({ entry: [key, labelEn, labelFr], parentKey }, position) => ({ key, parentKey, labelEn, labelFr, position }));
