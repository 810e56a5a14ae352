"""What a person does to a case: one verb, one function. Each checks permission, then guards, then writes in one transaction."""
