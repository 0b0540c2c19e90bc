"""The only way out of the process: conditional GET with budgets, behind an address guard."""
