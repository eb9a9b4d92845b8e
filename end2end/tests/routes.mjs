// The table of the staff's routes: what each role may see. The tests and the tools that look at pages share it.

export const staff = ['admin', 'controleur', 'lecture'];
export const writers = ['admin', 'controleur'];
export const everybody = [...staff, 'livreur'];

// Route, who may see it, and whether the menu names it.
export const pages = [
  ['/livreur', ['livreur'], true],
  ['/', staff, true],
  ['/commandes', staff, true],
  ['/commandes/nouvelle', writers],
  ['/commandes/preparation', staff],
  ['/commandes/:id', staff],
  ['/commandes/:id/articles', writers],
  ['/commandes/:id/bon-de-livraison', staff],
  ['/commandes/:id/correction', writers],
  ['/commandes/:id/livraison', writers],
  ['/tournees', writers, true],
  ['/produits', everybody, true],
  ['/produits/import', writers],
  ['/produits/nouveau', writers],
  ['/produits/:id', everybody],
  ['/produits/:id/modifier', writers],
  ['/categories', everybody, true],
  ['/categories/:id', staff],
  ['/stocks', staff, true],
  ['/stocks/mouvements', staff],
  ['/stocks/:id', staff],
  ['/clients', staff, true],
  ['/clients/nouveau', writers],
  ['/clients/:id', staff],
  ['/clients/:id/modifier', writers],
  ['/utilisateurs', ['admin'], true],
  ['/utilisateurs/nouveau', ['admin']],
  ['/utilisateurs/:id', ['admin']],
  ['/utilisateurs/:id/modifier', ['admin']],
  ['/journal', ['admin'], true],
  ['/profil', everybody],
];

// The same with rows of the shop instead of `:id`: `known` has one by the first part of the path, and `livree`, an order
// that may be corrected.
export function addressesOf(known) {
  const id = (path) => known[path.endsWith('/correction') ? 'livree' : path.split('/')[1]];
  return pages.map(([path, who]) => [path.replace(':id', id(path)), who]);
}
