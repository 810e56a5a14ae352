"""The shared kernel: ideas that every room uses. No models, no Django, imports no app."""
