//! Names, and the streets of Angers and its neighbours. Streets and their rough places are real.

#[rustfmt::skip]
pub(super) const PRENOMS: [&str; 42] = [
    "Camille", "Nicolas", "Élodie", "Thomas", "Aurélie", "Vincent", "Nathalie", "Pierre", "Chloé", "Antoine",
    "Manon", "François", "Sandrine", "Hugo", "Céline", "Olivier", "Léa", "Guillaume", "Isabelle", "Maxime", "Anaïs",
    "Philippe", "Émilie", "Rémi", "Fatima", "Laurent", "Justine", "Yann", "Véronique", "Alexandre", "Noémie",
    "Gaël", "Brigitte", "Romain", "Marie-Laure", "Baptiste", "Hélène", "Samir", "Pauline", "Jérôme", "Agathe",
    "Loïc",
];

#[rustfmt::skip]
pub(super) const NOMS: [&str; 59] = [
    "Rousseau", "Girard", "Chauvin", "Bellanger", "Métayer", "Gaudin", "Poirier", "Chevalier", "Bouvet", "Leroy",
    "Huet", "Mercier", "Boisseau", "Cesbron", "Pineau", "Martineau", "Hervé", "Lefèvre", "Ménard", "Courant",
    "Rabouin", "Gautier", "Brossard", "Thibault", "Réveillère", "Dupont", "Pasquier", "Onillon", "Blanchard",
    "Cailleau", "Robin", "Le Goff", "Marchand", "Grimault", "Bodin", "Aubert", "Raimbault", "Vigneron", "Lecomte",
    "Beaumont", "Tessier", "Nguyen", "Da Silva", "Benali", "Traoré", "Fournier", "Richou", "Gourdon", "Augereau",
    "Hamon", "Petit", "Clément", "Denis", "Barré", "Lambert", "Renaud", "Morin", "Gasnier", "Drouet",
];

/// Who buys for a house or a firm.
#[rustfmt::skip]
pub(super) const FIRMS: [(&str, &str); 16] = [
    ("Restaurant Le Quai Neuf", "Livrer par la cour avant 11 h."),
    ("Bistrot des Halles", "Facture en fin de mois."),
    ("Café du Ralliement", ""),
    ("Hôtel des Deux Rives", "Demander la réception."),
    ("Crêperie La Belle Angevine", ""),
    ("Cave Saint-Serge", "Quai de livraison à gauche."),
    ("École de cuisine Doutre", ""),
    ("Cabinet Morvan & Associés", "Deuxième étage, ascenseur."),
    ("Imprimerie de la Maine", ""),
    ("Comité d'entreprise Ardoise", "Paniers de fin d'année."),
    ("Agence Tuffeau", ""),
    ("Studio Plantagenêt", "Sonner deux fois."),
    ("Librairie des Lices", ""),
    (
        "Maison de retraite Les Tilleuls",
        "Cuisine au rez-de-jardin.",
    ),
    ("Salon de thé Aux Mirabelles", ""),
    ("Gîte du Bord de Loire", "Clef chez la voisine."),
];

/// Street, post code, town, latitude, longitude.
pub(super) type Street = (&'static str, &'static str, &'static str, f64, f64);

#[rustfmt::skip]
pub(super) const STREETS: [Street; 44] = [
    ("rue Saint-Laud", "49100", "Angers", 47.4720, -0.5535),
    ("rue Bressigny", "49100", "Angers", 47.4672, -0.5478),
    ("boulevard du Maréchal Foch", "49100", "Angers", 47.4699, -0.5506),
    ("rue de la Madeleine", "49000", "Angers", 47.4630, -0.5395),
    ("rue Saumuroise", "49000", "Angers", 47.4605, -0.5365),
    ("avenue Pasteur", "49100", "Angers", 47.4777, -0.5392),
    ("rue Volney", "49000", "Angers", 47.4655, -0.5440),
    ("rue Létanduère", "49000", "Angers", 47.4610, -0.5500),
    ("boulevard Ayrault", "49100", "Angers", 47.4768, -0.5563),
    ("rue Beaurepaire", "49100", "Angers", 47.4745, -0.5603),
    ("rue Lionnaise", "49100", "Angers", 47.4766, -0.5646),
    ("rue de la Meignanne", "49100", "Angers", 47.4822, -0.5718),
    ("rue de Frémur", "49000", "Angers", 47.4560, -0.5585),
    ("avenue du Général Patton", "49000", "Angers", 47.4745, -0.5795),
    ("rue Larévellière", "49100", "Angers", 47.4788, -0.5330),
    ("boulevard Saint-Michel", "49100", "Angers", 47.4741, -0.5450),
    ("place Ney", "49100", "Angers", 47.4815, -0.5440),
    ("quai Gambetta", "49100", "Angers", 47.4757, -0.5582),
    ("rue Plantagenêt", "49100", "Angers", 47.4729, -0.5556),
    ("rue Toussaint", "49100", "Angers", 47.4690, -0.5551),
    ("rue des Lices", "49100", "Angers", 47.4692, -0.5527),
    ("rue Saint-Aubin", "49100", "Angers", 47.4702, -0.5520),
    ("rue Baudrière", "49100", "Angers", 47.4712, -0.5575),
    ("rue Delâge", "49100", "Angers", 47.4653, -0.5546),
    ("rue Hoche", "49000", "Angers", 47.4648, -0.5567),
    ("boulevard de Strasbourg", "49000", "Angers", 47.4618, -0.5447),
    ("rue Chèvre", "49000", "Angers", 47.4583, -0.5462),
    ("avenue Jean XXIII", "49000", "Angers", 47.4530, -0.5365),
    ("boulevard Victor Beaussier", "49000", "Angers", 47.4802, -0.5865),
    ("rue Saint-Jacques", "49100", "Angers", 47.4738, -0.5700),
    ("rue du Faubourg Saint-Michel", "49100", "Angers", 47.4797, -0.5412),
    ("avenue Montaigne", "49100", "Angers", 47.4762, -0.5300),
    ("rue Pierre Lise", "49000", "Angers", 47.4690, -0.5352),
    ("rue Desjardins", "49100", "Angers", 47.4712, -0.5440),
    ("avenue Pierre Mendès France", "49240", "Avrillé", 47.5005, -0.5880),
    ("rue Jean Jaurès", "49800", "Trélazé", 47.4468, -0.4680),
    ("rue de la Gare", "49800", "Trélazé", 47.4440, -0.4790),
    ("place Jean XXIII", "49124", "Saint-Barthélemy-d'Anjou", 47.4678, -0.4935),
    ("rue David d'Angers", "49130", "Les Ponts-de-Cé", 47.4285, -0.5245),
    ("rue Édouard Guinel", "49130", "Les Ponts-de-Cé", 47.4330, -0.5290),
    ("rue de la Grange aux Belles", "49070", "Beaucouzé", 47.4745, -0.6310),
    ("rue Chevrière", "49080", "Bouchemaine", 47.4225, -0.6105),
    ("boulevard Jean Moulin", "49100", "Angers", 47.4838, -0.5780),
    ("rue Nationale", "49125", "Tiercé", 47.6150, -0.4660),
];

#[rustfmt::skip]
pub(super) const NOTES: [&str; 7] = [
    "Digicode 4B72.",
    "Laisser chez la gardienne.",
    "Sonnette en panne, téléphoner.",
    "Chien gentil mais bruyant.",
    "Préfère être livré après 18 h.",
    "Portail vert au fond de l'allée.",
    "Paie par chèque.",
];
