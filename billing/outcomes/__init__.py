"""What a payer's answer means and what to do about it: pure, no Django. Codes come in bare; words are our own."""
