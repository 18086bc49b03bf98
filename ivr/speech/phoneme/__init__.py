"""The engine `phoneme`: hama hears phonemes of any language, espeak-ng says which of them a phrase has.

`sounds.json` is what lies between: how each sound of espeak-ng's spelling is heard by hama, over the telephone.
"""
