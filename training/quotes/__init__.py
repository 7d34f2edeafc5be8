"""The quotation model."""
