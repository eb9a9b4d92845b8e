# Every command sets up what it needs first; see scripts/setup.sh.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test check fmt dev bench api-check screens size lighthouse prepare setup clean

help: ## affiche cette liste
	@printf 'Dashboard FB — commandes :\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## installe ce qui manque, compile et sert la démonstration sur http://127.0.0.1:3000
	@scripts/run.sh

test: ## installe ce qui manque et passe tous les tests (Rust, HTTP, navigateur)
	@scripts/test.sh

check: ## format, lints et compilation du client, sans base de données
	@scripts/check.sh

fmt: ## met le code en forme
	@scripts/setup.sh check
	@. scripts/env.sh && cargo fmt

dev: ## recompile à chaque modification et recharge la page
	@scripts/dev.sh

bench: ## mesure chaque appel à côté des mêmes requêtes SQL par pgbench, jusqu'à 1 000 000 de commandes
	@scripts/setup.sh bench
	@scripts/bench.sh

api-check: ## confronte l'API à son document OpenAPI, avec schemathesis
	@scripts/setup.sh api
	@scripts/api-check.sh

screens: ## photographie chaque page à 390 et 1440 px, claire et sombre, dans screens/
	@scripts/with-server.sh release node end2end/tools/screens.mjs

size: ## dit ce que chaque page charge, compressé
	@scripts/with-server.sh release node end2end/tools/size.mjs

lighthouse: ## note les pages principales avec Lighthouse
	@scripts/setup.sh lighthouse
	@. scripts/env.sh && scripts/with-server.sh release node end2end/tools/lighthouse.mjs "$$DASHBOARD_FB_CACHE/lighthouse"

prepare: ## régénère .sqlx après un changement de requête ou de migration
	@scripts/setup.sh run
	@scripts/prepare.sh

setup: ## installe seulement ce qui manque, pour toutes les commandes
	@scripts/setup.sh all

clean: ## efface ce qui a été compilé et installé dans le dépôt (pas les données)
	rm -rf target node_modules end2end/node_modules end2end/test-results end2end/playwright-report
